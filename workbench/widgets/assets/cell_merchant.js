function (cell) {
  // A receipt whose merchant is not known is told apart by its file; what is edited stays empty.
  const node = document.createElement("span"), name = cell.getValue()
  node.textContent = name || cell.getRow().getData().file
  if (!name) { node.className = "instead" }
  return node
}
