"""Folder names on the wire, and which folder is which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.mailbox.folders import Folder, Listed, Role, decoded, encoded, folders, listed, watched

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1)


@given(TEXT)
def test_a_name_survives_the_wire(name):
    wire = encoded(name)
    assert wire.isascii()
    assert decoded(wire) == name


@pytest.mark.parametrize(
    "name, wire",
    [
        ("Entwürfe", "Entw&APw-rfe"),
        ("R&D", "R&-D"),
        ("台北", "&U,BTFw-"),
        ("~peter/mail/日本語/台北", "~peter/mail/&ZeVnLIqe-/&U,BTFw-"),
        ("😀", "&2D3eAA-"),
    ],
)
def test_names_of_the_standard(name, wire):
    assert encoded(name) == wire
    assert decoded(wire) == name


@pytest.mark.parametrize("wire", ["A & B", "&", "&AP", "&AP-", "&====-", "a&AAA-b", "&2D0-"])
def test_a_malformed_name_stays_readable(wire):
    assert decoded(wire)


@given(st.lists(st.one_of(st.binary(), st.tuples(st.binary(), st.binary()), st.none())))
def test_no_listing_raises(lines):
    folders(listed(lines))


def line(name, *attributes, delimiter="/"):
    return Listed(frozenset(attributes), delimiter, name)


def test_a_second_sent_folder_is_read_and_not_filed_into():
    """Outlook makes "Sent Items" beside the server's own: what the owner writes by hand lies there."""
    found = folders([line("Sent Items"), line("Clients/Sent"), line("Sent"), line("S", "\\sent"), line("INBOX")])
    assert [f.name for f in watched(found)] == ["INBOX", "S", "Sent Items", "Sent"]
    assert next(f.name for f in found if f.role is Role.sent) == "S"
    assert next(f.role for f in found if f.name == "Clients/Sent") is Role.other


def test_the_shallowest_of_several_names_counts():
    found = folders([line("Old/Sent"), line("Sent"), line("INBOX"), line("a/b/Spam"), line("x/Junk")])
    assert {f.name: f.role for f in found} == {
        "Old/Sent": Role.other,
        "Sent": Role.sent,
        "INBOX": Role.inbox,
        "a/b/Spam": Role.other,
        "x/Junk": Role.junk,
    }


def test_drafts_and_trash_are_known_and_not_read():
    found = folders([line("INBOX"), line("Drafts"), line("Papierkorb"), line("Archive", "\\archive"), line("Friends")])
    assert {f.name: f.role.value for f in found}["Papierkorb"] == "trash"
    assert sorted(f.role.value for f in found) == ["archive", "drafts", "inbox", "other", "trash"]
    assert [f.name for f in watched(found)] == ["INBOX"]


def test_an_all_folder_elsewhere_than_on_gmail_is_not_read():
    found = folders([line("INBOX"), line("All", "\\all"), line("Spam")])
    assert [f.name for f in watched(found)] == ["INBOX", "Spam"]


def test_a_folder_named_twice_is_read_once():
    inbox = Folder("INBOX", Role.inbox, "INBOX")
    assert watched([inbox], ["INBOX", "inbox"]) == (inbox,)
