function (cell) {
  // A receipt whose merchant is not known is told apart by its file; what is edited stays empty.
  const node = document.createElement("span"), name = cell.getValue()
  if (name) { node.textContent = name; return node }
  const file = cell.getRow().getData().file, where = file.search(/ (\d+쪽|\d+번째)( · \d+번째)?$/) // which page: never cut
  node.className = "instead"
  for (const part of where < 0 ? [file] : [file.slice(0, where), file.slice(where)]) { node.append(Object.assign(document.createElement("span"), { textContent: part })) }
  return node
}
