"""The small HTTP client against a real server."""

from typing import Any

import pytest

from server.client.http import Api, ApiError

from .house import LOGIN, PASSWORD, House


async def test_an_error_is_raised_with_its_code_and_status(house: House) -> None:
    async with Api(house.server.base_url) as stranger:
        with pytest.raises(ApiError, match="unauthenticated") as caught:
            await stranger.call("GET", "/api/conferences", object)
    assert (caught.value.status, caught.value.error.code) == (401, "unauthenticated")


async def test_a_wrong_password_signs_nobody_in(house: House) -> None:
    async with Api(house.server.base_url) as stranger:
        with pytest.raises(ApiError) as caught:
            await stranger.sign_in(LOGIN, PASSWORD + "!")
        assert caught.value.status == 401
        assert stranger.identity() == {}


async def test_a_session_is_kept_and_can_be_lent_to_a_socket(house: House) -> None:
    async with Api(house.server.base_url) as api:
        assert api.identity() == {}
        await api.sign_in(LOGIN, PASSWORD)
        assert "nc_session=" in api.identity()["Cookie"]
        assert (await api.call("GET", "/api/session", dict[str, Any]))["account"]["login"] == LOGIN


async def test_a_token_is_lent_as_it_is(house: House) -> None:
    async with Api(house.server.base_url, "nc_tok_x") as api:
        assert api.identity() == {"Authorization": "Bearer nc_tok_x"}
