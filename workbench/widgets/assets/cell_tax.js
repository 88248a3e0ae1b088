function (cell) {
  // A short word; the service's sentence shows on hovering and in the editor.
  const [word, tone, said] = (cell.getValue() || "").split("\n")
  const node = document.createElement("span")
  if (word) {
    node.className = `tax ${tone}`
    node.textContent = word
    node.title = said || word
  }
  return node
}
