function (cell) {
  // What was paid in another currency stands where no won are known, with its currency before it.
  const value = cell.getValue()
  if (value !== null && value !== undefined && !Number.isNaN(value)) { return Math.round(value).toLocaleString("en-US") }
  const row = cell.getRow().getData()
  if (cell.getField() !== "total" || !row.foreign_total) { return "" }
  const node = document.createElement("span")
  node.className = "foreign"
  node.textContent = `${row.currency || ""} ${row.foreign_total}`.trim()
  return node
}
