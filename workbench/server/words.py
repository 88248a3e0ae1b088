"""Pages of words: what a refusal, the login and an error say to a person; nothing in them comes from elsewhere."""

from html import escape

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, "Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans KR", sans-serif; margin: 0;
  min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f7, #16181b) }
main { height: auto; max-width: 26rem; padding: 2rem; border-radius: 12px; background: light-dark(#fff, #212429);
  color: light-dark(#1c1f24, #e9ebee); box-shadow: 0 1px 4px #0003 }
h1 { font-size: 1.15rem; margin: 0 0 .75rem } p { margin: .5rem 0 }
form { display: grid; gap: .75rem } label { display: grid; gap: .25rem; font-size: .9rem }
input, button { font: inherit; padding: .55rem .75rem; border-radius: 8px; border: 1px solid #8a919c;
  background: transparent; color: inherit }
button { background: #1f5fbf; border-color: #1f5fbf; color: #fff; cursor: pointer }
.warn { color: light-dark(#a4400a, #ffb38a) }
"""


def page_of_words(title: str, *said: str, body: str = "", again: int = 0) -> str:
    """A whole page: `title` and `said` are texts, `body` is HTML of our own; with `again` a browser asks for the same
    address after so many seconds by itself.
    """
    reload = f'<meta http-equiv="refresh" content="{again}">' if again else ""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in said)
    return (
        f'<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width">{reload}<style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{paragraphs}{body}</main></body></html>"
    )
