"""Signatures of calls, against the vector that the Standard Webhooks libraries are tested with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core.signing.webhooks import NotGenuine, Signed, WrongSecret, fresh_secret, headers, key, verify

pytestmark = pytest.mark.feature("SCH-19")
KEY = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
AT = datetime.fromtimestamp(1614265330, UTC)
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
GIVEN = {
    "webhook-id": ID, "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}  # fmt: skip


def test_the_published_vector_is_made_and_believed() -> None:
    assert headers(BODY, event=ID, at=AT, keys=(KEY,)) == GIVEN
    assert verify(GIVEN, BODY, keys=[KEY], now=AT) == Signed(ID, AT)


def test_one_of_several_signatures_and_keys_is_enough() -> None:
    other = key(fresh_secret())
    several = {**GIVEN, "webhook-signature": f"v1a,x v1,AAAA {GIVEN['webhook-signature']}"}
    assert verify(several, BODY, keys=[other, KEY], now=AT).id == ID
    with pytest.raises(NotGenuine):
        verify(several, BODY, keys=[other], now=AT)
    with pytest.raises(NotGenuine):
        verify(several, BODY, keys=[], now=AT)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_either_way_are_near_enough_and_no_more(seconds: int) -> None:
    assert verify(GIVEN, BODY, keys=[KEY], now=AT + timedelta(seconds=seconds))
    with pytest.raises(NotGenuine, match="this clock"):
        verify(GIVEN, BODY, keys=[KEY], now=AT + timedelta(seconds=seconds + (1 if seconds > 0 else -1)))


def test_many_signatures_are_not_all_tried() -> None:
    flood = " ".join(["v1,AAAA"] * 10 + [GIVEN["webhook-signature"]])
    with pytest.raises(NotGenuine):
        verify({**GIVEN, "webhook-signature": flood}, BODY, keys=[KEY], now=AT)


def test_fresh_secrets_are_keys_and_differ() -> None:
    assert len(key(fresh_secret())) == 32 and fresh_secret() != fresh_secret()
    with pytest.raises(WrongSecret):
        key("whsec_c2hvcnQ=")
