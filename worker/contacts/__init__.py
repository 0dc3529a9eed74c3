"""Files of contacts in, contacts and rejects out; what an address and a name say by themselves."""

from worker.contacts.address import canonical, check_email, is_free_mail, is_no_reply, is_role_address
from worker.contacts.company import company_keys
from worker.contacts.names import split as split_name
from worker.contacts.names import valid_name
from worker.contacts.sheet import Sheet, open_sheet
from worker.contacts.table import Passage, Reject, Row, Table, parse

__all__ = [
    "Passage",
    "Reject",
    "Row",
    "Sheet",
    "Table",
    "canonical",
    "check_email",
    "company_keys",
    "is_free_mail",
    "is_no_reply",
    "is_role_address",
    "open_sheet",
    "parse",
    "split_name",
    "valid_name",
]
