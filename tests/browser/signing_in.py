"""Signing in to the console as its readers do."""

from playwright.sync_api import Page


def sign_in(page: Page, key: str) -> None:
    """Sign in with a key; return when the start page is there."""
    page.goto("/console/sign-in")
    page.fill("input[type=password]", key)
    page.click("main button")
    page.wait_for_url("**/")
