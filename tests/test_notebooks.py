"""The notebooks as a user runs them: top to bottom in a clean kernel, one after the other on one home."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def run(name, home, more=""):
    """The notebook executed, with one more cell at its end; what that cell prints as JSON."""
    import nbformat  # it brings the form of notebooks: four seconds, which each worker would spend to know its tests
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"import json\n{more}"))
    client = NotebookClient(notebook, timeout=280, resources={"metadata": {"path": str(ROOT / "notebooks")}})
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    client.execute(env=os.environ | {"WORKBENCH_HOME": str(home), "PYTHONPATH": path, "WORKBENCH_NTS_KEY": ""})
    return notebook, json.loads(notebook.cells[-1].outputs[0]["text"])


def pictures(notebook):
    """How many cells end in a HoloViews picture."""
    kind = "application/vnd.holoviews_exec.v0+json"
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return sum(output["output_type"] == "execute_result" and kind in output["data"] for output in outputs)


def truth():
    listed = json.loads((ROOT / "data/sample/truth.json").read_text("utf-8"))
    return [one for file in listed for one in file.get("receipts", [file]) if one.get("total")]


def test_there_are_three_and_none_is_stored_with_output():
    assert [path.stem for path in NOTEBOOKS] == ["analysis", "pipeline", "workbench"]
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None


def test_one_receipt_step_by_step(home):
    seen, found = run("pipeline", home, "print(json.dumps({f.name: f.value for f in extraction.fields}))")
    (true,) = [one for one in truth() if one.get("file") == "simplified_sideways.jpg"]
    assert found["total"] == str(true["total"])
    assert found["business_number"] == true["business_number"]
    assert pictures(seen) == 6


def test_the_analysis_knows_the_sample(home):
    seen, sums = run(
        "analysis", home,
        "print(json.dumps([int(spent['total'].sum()), len(found.matched), len(found.ledger_only), len(gone)]))",
    )  # fmt: skip
    assert sums == [sum(one["total"] for one in truth()), 12, 2, 2]
    assert pictures(seen) == 4


def test_what_is_corrected_on_screen_is_in_the_next_line(home):
    # The verbs that the page's widgets call; the page itself is tried in a real browser (tests/ui).
    _, found = run(
        "workbench",
        home,
        """
assert not any(r.status == "waiting" for r in case.receipts()), "the bench would be empty"
bench = case.review("total == 22000", by="kim")
shown = [r.file for r in bench.session.rows]
bench.session.correct("23,000", "total")
frame = case.frame().set_index("file")
print(json.dumps([shown, int(frame.loc["simplified_sideways.jpg", "total"]), case.corrections()["by"].tolist()]))
""",
    )
    assert found == [["simplified_sideways.jpg"], 23000, ["kim"]]
