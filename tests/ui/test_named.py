"""The page for those who hear it: its language, one heading at the top, a name for all that can be pressed."""

from tests.kit.filed import filed

PAPER = {"merchant": "견본상회", "business_number": "123-45-67891", "issued_at": "2026-11-02", "total": "1000"}

# All that takes a press or a text, through all shadow roots: how many there are, and those that a screen reader could
# call by no name.
NAMELESS = """() => {
  const all = "button, a[href], input:not([type=hidden]), select, textarea, [role=button], [role=tab], [role=option]"
  const seen = { count: 0, nameless: [] }
  const walk = (root) => {
    const text = (id) => (id && root.getElementById ? root.getElementById(id)?.textContent : "") || ""
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) { walk(node.shadowRoot) }
      if (!node.matches(all) || node.closest("[aria-hidden=true]")) { continue }
      if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) { continue }
      seen.count += 1
      const names = [
        node.getAttribute("aria-label"), ...(node.getAttribute("aria-labelledby") || "").split(" ").map(text),
        ...[...(node.labels || [])].map((one) => one.textContent), node.title, node.placeholder,
        node.matches("input, select") ? "" : node.textContent,
      ]
      if (!names.some((name) => name && name.trim())) { seen.nameless.push(node.outerHTML.slice(0, 160)) }
    }
  }
  walk(document)
  return seen
}"""


def all_named(page) -> None:
    seen = page.evaluate(NAMELESS)
    assert seen["count"] > 10
    assert seen["nameless"] == []


def test_the_page_is_korean_with_one_heading_and_nothing_nameless(serve, look, tmp_path):
    filed(tmp_path / "case", PAPER, {**PAPER, "total": "0"}).close()
    page = look(serve(tmp_path / "case")).page
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert page.get_by_role("heading", level=1).count() == 1
    all_named(page)
    for tab in ("모아 보기", "대조", "요약"):
        page.get_by_role("button", name=tab).click()
        page.wait_for_timeout(500)
        all_named(page)
