"""Signing in to the console: as its readers do, or without a look at a page."""

from http import HTTPStatus

from playwright.sync_api import BrowserContext, Page


def sign_in(page: Page, key: str) -> None:
    """Sign in with a key; return when the start page is there."""
    page.goto("/console/sign-in")
    page.fill("input[type=password]", key)
    page.click("main button")
    page.wait_for_url("**/")


def sign_in_unseen(context: BrowserContext, key: str) -> None:
    """Sign in with a key: send the form, and open no page."""
    answer = context.request.post(
        "/console/sign-in",
        form={"key": key},
        headers={"Sec-Fetch-Site": "same-origin"},
        max_redirects=0,
    )
    assert answer.status == HTTPStatus.SEE_OTHER, answer.text()
