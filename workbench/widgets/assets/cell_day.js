function (cell) {
  // The day alone, so that the main columns fit one screen; the time shows on hovering and in the editor.
  const node = document.createElement("span"), moment = cell.getValue() || ""
  node.textContent = moment.slice(0, 10)
  node.title = moment
  return node
}
