"""A browser's patience: it asks again where a page of words says when."""

import time

import requests


def visit(browser: requests.Session, url: str, **more: object) -> requests.Response:
    """The answer, after as many pages of words as there are that reload by themselves."""
    while True:
        answer = browser.get(url, **{"timeout": 120, **more})
        if answer.status_code != 429 or "http-equiv" not in answer.text:
            return answer
        time.sleep(float(answer.headers["Retry-After"]))
