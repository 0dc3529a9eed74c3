"""The parts of Jinja's language that a mail template may be written in, and how they are measured."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Call,
    nodes.Keyword,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
    nodes.BinExpr,
    nodes.UnaryExpr,
)


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """The node and everything below it."""
    yield node
    for child in node.iter_child_nodes():
        yield from walk(child)


def dotted(node: nodes.Node) -> str:
    """The variable's name as it stands in the template ("contact.role"), or "" for anything but a plain name."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = dotted(node.node)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        before = dotted(node.node)
        return f"{before}.{node.arg.value}" if before else ""
    return ""


def _wrapped(node: nodes.Expr, name: str, *args: object) -> nodes.Filter:
    consts: list[nodes.Expr] = [nodes.Const(arg, lineno=node.lineno) for arg in args]
    return nodes.Filter(node, name, consts, [], None, None, lineno=node.lineno)


def rewritten(node: nodes.Node) -> nodes.Node:
    """Put the measuring filters where text is printed or joined, lists are written out and loops begin."""
    for key, value in node.iter_fields():
        if isinstance(value, list):
            setattr(node, key, [rewritten(item) if isinstance(item, nodes.Node) else item for item in value])
        elif isinstance(value, nodes.Node):
            setattr(node, key, rewritten(value))
    if isinstance(node, nodes.Output):
        node.nodes = [
            child if isinstance(child, nodes.TemplateData) else _wrapped(child, " printed", dotted(child), child.lineno)
            for child in node.nodes
        ]
    elif isinstance(node, nodes.For):
        assert isinstance(node.iter, nodes.Expr)
        node.iter = _wrapped(node.iter, " counted")
    elif isinstance(node, nodes.Concat):
        return _wrapped(nodes.List(node.nodes, lineno=node.lineno), " concat")
    elif isinstance(node, nodes.List) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        return _wrapped(node, " flat")
    return node
