function (cell) {
  const node = document.createElement("span")
  node.className = "mark" + (cell.getValue() ? " on" : "")
  node.setAttribute("role", "checkbox")
  node.setAttribute("aria-checked", cell.getValue() ? "true" : "false")
  node.setAttribute("aria-label", "선택")
  return node
}
