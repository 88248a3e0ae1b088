function (cell) {
  const counts = [[Math.floor(cell.getValue() / 1000), "✕", "error"], [cell.getValue() % 1000, "△", "warning"]]
  const node = document.createElement("span")
  for (const [count, sign, name] of counts) {
    if (count) {
      const one = document.createElement("span")
      one.className = "count " + name
      one.textContent = sign + count
      node.append(one)
    }
  }
  return node
}
