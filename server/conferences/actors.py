"""Who did a thing, as people read it in the audit trail. Pure."""

from collections.abc import Mapping

# Kind of actor -> (Vietnamese, English). The number is that of the account, the key, or the device in its room.
_KINDS: Mapping[str, tuple[str, str]] = {
    "account": ("Tài khoản {number}", "Account {number}"),
    "token": ("Mã truy cập {number}", "API token {number}"),
    "device": ("Thiết bị {number} của điểm cầu", "Device {number} of the room"),
    "attendance": ("Người dự quét mã", "People scanning"),
    "system": ("Hệ thống", "System"),
}


def actor_name(by: str, lang: str) -> str:
    """Words for an actor nobody gave a name: `device:119.1`, `attendance`, an account that is gone.
    The text itself for a kind that is not known."""
    kind, _, id = by.partition(":")
    pair = _KINDS.get(kind)
    return pair[lang == "en"].format(number=id.rpartition(".")[2]) if pair else by
