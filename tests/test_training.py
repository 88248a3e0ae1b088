"""The recipe of the recogniser, from fonts to a model folder, on a scale of seconds."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import yaml
from onnx import TensorProto, helper, numpy_helper

from training import evaluate, quantise, quicker, train
from training.collect import as_printed, spelled
from training.draw import HEIGHT, WIDEST, Drawer
from training.evaluate import Reader, character_error, digit_error, folded, prepared
from training.export import averaged, export, trained
from training.faces import faces
from training.lines import LABELS, read, save
from training.network import STRIDE, Recogniser, by_letters, load, whole
from training.text import CHARACTERS, HANGUL, LONGEST, Writer, held_out, words
from workbench.domain.model import Box, Correction, Field, Line
from workbench.pipeline.ocr.eight_bits import fixed_page
from workbench.pipeline.ocr.model_files import plain_detector

torch.set_num_threads(1)  # beside other tests two threads wait for each other more than they reckon

BUNDLED = Path(__file__).parents[1] / "workbench" / "models" / "korean_receipt_rec" / "inference.onnx"
VOCABULARY = ["영수증", "감사합니다", "커피"]


class Dots:
    """A face for machines without fonts: every character is a pattern of dots of its own."""

    name = "dots"

    def draws(self, text: str) -> bool:
        return True

    def ink(self, text: str, size: int, gap: int = 0, dots: bool = False) -> np.ndarray:
        cells = [np.random.default_rng(ord(c)).random((8, 6)) < 0.5 * (c != " ") for c in text]
        return np.kron(np.hstack(cells), np.ones((size // 8, size // 8))).astype(np.float32)


@pytest.fixture
def drawer() -> Drawer:
    return Drawer(1, [(Dots(), 1.0)])


def lines(drawer: Drawer, count: int, kind: str = "line", widest: int = WIDEST) -> list[tuple[np.ndarray, str]]:
    writer = Writer(random.Random(1), VOCABULARY)
    drawn: list[tuple[np.ndarray, str]] = []
    while len(drawn) < count:
        text = getattr(writer, kind)()
        picture = drawer.line(text)
        if picture is not None and picture.shape[1] <= widest:
            drawn.append((picture, text))
    return drawn


def test_the_writer_stays_within_the_dictionary() -> None:
    writer = Writer(random.Random(2), VOCABULARY)
    texts = [writer.line() for _ in range(300)]
    assert all(0 < len(text) <= LONGEST and set(text) <= set(CHARACTERS) for text in texts)


def test_plain_lines_have_no_hangul() -> None:
    writer = Writer(random.Random(2), VOCABULARY)
    assert not any(set(writer.plain()) & set(HANGUL) for _ in range(300))


def test_dense_lines_are_mostly_hangul() -> None:
    writer = Writer(random.Random(2), VOCABULARY)
    texts = [writer.dense() for _ in range(300)]
    assert all(0 < len(text) <= LONGEST and set(text) <= set(CHARACTERS) for text in texts)
    assert sum(c in set(HANGUL) for text in texts for c in text) > 0.6 * sum(map(len, texts))


def test_brief_lines_are_what_stands_in_a_cell() -> None:
    writer = Writer(random.Random(2), VOCABULARY)
    plain, others = ([writer.brief(plain=plain) for _ in range(300)] for plain in (True, False))
    assert all(0 < len(text) <= 6 and set(text) <= set(CHARACTERS) - set(HANGUL) for text in plain)
    assert {"0", "1"} < set(plain)
    assert sum(bool(set(text) & set(HANGUL)) for text in others) > 0.8 * len(others)  # some labels are TEL and such


def test_held_out_words_are_not_trained_on(tmp_path: Path) -> None:
    listed = [
        "가나",
        "다라",
        "마바",
        "사아",
        "자차",
        "카타",
        "파하",
        "고노",
        "도로",
        "모보",
        "소오",
        "조초",
        "코토",
        "구누",
    ]
    source = tmp_path / "ko.dic"
    source.write_text("\n".join(f"{word}/12" for word in listed), "utf8")
    kept, out = words(source), words(source, evaluation=True)
    assert sorted(kept + out) == sorted(listed)
    assert not any(held_out(word) for word in kept)


def test_the_faces_of_this_machine_print_korean() -> None:
    found = faces()[:3] + faces(held_out=True)[-1:]
    if not found:
        pytest.skip("no Korean font on this machine")
    for face, share in found:
        ink = face.ink("합계 12", 24)
        assert share > 0
        assert 0.01 < ink.mean() < 0.5, face.name


def test_drawn_lines_have_the_networks_height(drawer: Drawer) -> None:
    for picture, _ in lines(drawer, 40):
        assert picture.dtype == np.uint8
        assert picture.shape[0] == HEIGHT
        assert 16 <= picture.shape[1] <= WIDEST


def test_a_loose_box_is_wider_or_higher_than_its_text_and_none_is_where_none_are_asked_for() -> None:
    face, text = [(Dots(), 1.0)], "12 34"
    tight, never, always = Drawer(3, face), Drawer(3, face, loose=0.0), Drawer(3, face, loose=1.0)
    for _ in range(20):
        one, other = tight.line(text), never.line(text)
        assert one is not None
        assert np.array_equal(one, other)
    wide = [picture.shape[1] for picture in (always.line(text) for _ in range(200)) if picture is not None]
    usual = [picture.shape[1] for picture in (tight.line(text) for _ in range(200)) if picture is not None]
    assert np.mean(wide) > 1.15 * np.mean(usual)


def test_scanned_lines_are_drawn_too_and_change_nothing_where_there_are_none() -> None:
    face = [(Dots(), 1.0)]
    plain, never, always = Drawer(3, face), Drawer(3, face, scanned=0.0), Drawer(3, face, scanned=1.0)
    texts = ["합계 12,500원", "가나다라", "2026-11-02"] * 5
    drawn = [[drawer.line(text) for text in texts] for drawer in (plain, never, always)]
    assert all(a is b is None or np.array_equal(a, b) for a, b in zip(drawn[0], drawn[1], strict=True))
    kept = [picture for picture in drawn[2] if picture is not None]
    assert kept
    assert all(picture.shape[0] == HEIGHT for picture in kept)


def test_the_same_seed_draws_the_same(drawer: Drawer) -> None:
    chosen = list(zip(drawer.faces, drawer.shares, strict=True))
    first, second = (Drawer(3, chosen).line("합계 12,500원") for _ in range(2))
    assert np.array_equal(first, second)


def test_errors_count_edits_per_true_character() -> None:
    assert character_error([("12 500", "12500"), ("가", "나")]) == pytest.approx(1 / 6)
    assert character_error([("(주)봄：“봄”", '㈜봄:"봄"')]) == 0
    assert digit_error([("합계 12,5O0원", "합게 12,500원")]) == pytest.approx(1 / 5)


def test_the_bundled_file_loads_as_the_network_it_came_from() -> None:
    network, characters = load(BUNDLED)
    x = np.random.default_rng(0).uniform(-1, 1, (1, 3, HEIGHT, 320)).astype(np.float32)
    chances = onnxruntime.InferenceSession(BUNDLED).run(None, {"x": x})[0]
    with torch.no_grad():
        ours = network.eval()(torch.from_numpy(x)).softmax(-1).numpy()
    assert characters == CHARACTERS
    assert np.abs(chances - ours).max() < 1e-3


def test_a_syllable_teaches_those_that_share_its_letters() -> None:
    characters = ["1", "강", "각", "눈", " "]
    network = by_letters(Recogniser(len(characters)), characters)
    plain = network.head.weight.detach().clone()
    shared = network.head.parametrizations.weight[0].shared
    network.head.weight[2].sum().backward()  # the row of 강; row 0 is CTC's blank
    with torch.no_grad():
        shared += shared.grad
    moved = (network.head.weight - plain).detach()[:, 0]
    assert moved.tolist() == pytest.approx([0, 0, 3, 2, 0, 0], abs=1e-5)  # 강 by all its letters, 각 by ㄱ and ㅏ

    x = torch.rand(1, 3, HEIGHT, 64)
    before = network.eval()(x)
    assert torch.equal(whole(network)(x), before)
    assert before.shape[1] == 64 // STRIDE
    assert {name for name, _ in network.head.named_parameters()} == {"weight", "bias"}  # what `load` counts on


def test_a_run_learns_resumes_and_exports(drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "BATCH", 4)
    monkeypatch.setattr(train, "WIDTHS", (160,))
    mixed, plain = lines(drawer, 4, widest=160), lines(drawer, 4, "plain", 160)
    batches = [
        train.Batch(train.stacked([picture for picture, _ in drawn]), [text for _, text in drawn], drawn is plain)
        for drawn in (mixed, plain)
    ]
    mixed_batch = batches[0]
    run = train.Run(tmp_path / "run", train.plain_recogniser(), train.plain_recogniser(), "cpu")
    losses = [run.train(batches[step % 2], 0.1)[0] for step in range(6)]
    assert np.isfinite(losses).all()
    assert losses[-2] < losses[0]
    doubts = run.lesson.doubts(run.network, mixed_batch)
    alone = replace(mixed_batch, weights=np.array([0, 0, 2, 0], np.float32))
    assert run.lesson.loss(run.network, alone)[0].item() == pytest.approx(doubts[2] / 2, rel=0.05)
    run.save()

    again = train.Run(tmp_path / "run", train.plain_recogniser(), train.plain_recogniser(), "cpu")
    assert again.step == 6

    network, characters = trained(tmp_path / "run", "network")
    apart = export(network, characters, tmp_path / "model")
    assert apart < 0.03
    reader = Reader(tmp_path / "model" / "inference.onnx")
    assert isinstance(reader(mixed[0][0]), str)
    parts = [trained(tmp_path / "run")[0], load(BUNDLED)[0]]
    mean, _ = averaged([tmp_path / "run", BUNDLED])
    assert torch.allclose(mean.head.weight, (parts[0].head.weight + parts[1].head.weight) / 2)
    assert prepared(mixed[0][0]).shape[2] == HEIGHT
    listed = yaml.safe_load((tmp_path / "model" / "inference.yml").read_text("utf8"))
    assert ["", *listed["PostProcess"]["character_dict"], " "] == reader.characters == ["", *CHARACTERS]


def test_the_sieve_keeps_what_is_hard_and_lets_the_few_known_lines_count_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Doubting:
        """A lesson that takes the doubt from the line's text."""

        def doubts(self, network: Recogniser, batch: train.Batch) -> list[float]:
            return [float(text) for text in batch.texts]

    monkeypatch.setattr(train, "BATCH", 1)
    network, sieve = Recogniser(2), train.Sieve(Doubting())  # type: ignore[arg-type]
    kept: dict[str, list[float]] = {"0": [], "0.1": [], "0.5": [], "10": []}
    for _ in range(2000):
        picture = np.zeros((len(kept), HEIGHT, 64, 3), np.uint8)
        for one in sieve.ready(network, train.Batch(picture, list(kept), plain=False)):
            assert one.weights is not None
            kept[one.texts[0]] += one.weights.tolist()
    assert 60 < len(kept["0"]) < 200
    for text in ("0", "0.1", "0.5"):
        assert sum(kept[text]) == pytest.approx(2000, rel=0.2)
    assert sum(kept["10"]) == pytest.approx(2000 * train.LOST / 10)


def test_a_correction_takes_the_form_of_what_is_printed() -> None:
    assert as_printed("12500", "12,S00원") == ""  # what was read has no such number
    assert as_printed("12500", "12,600원") == "12,500원"
    assert as_printed("123-45-67891", "1234567890") == "1234567891"
    assert as_printed("123-45-67891", "123-45-6789") == ""
    assert as_printed("2026-11-02 10:00", "26.11.O2") == ""
    assert as_printed("가게", "기게") == "가게"


def test_a_corrected_field_becomes_the_line_that_holds_it() -> None:
    line = Line("합계 : 12,600원", 0.9, Box(10, 10, 200, 40))
    by_hand = Correction("12500", "kim", datetime(2026, 11, 2, tzinfo=UTC))
    field = Field("total", "12600", "12,600", 0.9, Box(80, 10, 200, 40), corrections=(by_hand,))
    assert list(spelled(field, [line])) == [(line, "합계 : 12,500원")]
    assert list(spelled(replace(field, corrections=()), [line])) == []


def test_own_lines_are_evaluated_beside_the_drawn(
    drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = Reader(BUNDLED)
    drawn = [(picture, reader(picture)) for picture, _ in lines(drawer, 4, "plain")]
    save(iter([(picture, text + "7") for picture, text in drawn]), tmp_path / "kept")
    monkeypatch.setattr("sys.argv", ["evaluate", str(BUNDLED), "--lines", "0", "--own", str(tmp_path / "kept")])
    evaluate.main()
    everything, digits = capsys.readouterr().out.splitlines()
    letters = sum(len(folded(text)) + 1 for _, text in drawn)
    assert everything.split()[-2] == f"{100 * 4 / letters:.2f}"
    assert digits.startswith("kept, digits")


def test_own_lines_survive_the_disk_and_are_seen_anew(drawer: Drawer, tmp_path: Path) -> None:
    drawn = lines(drawer, 3)
    assert save(iter(drawn), tmp_path) == 3
    kept = read(tmp_path)
    assert [text for _, text in kept] == [text for _, text in drawn]
    again = [drawer.again(picture) for picture, _ in kept]
    assert all(picture is None or picture.shape[0] == HEIGHT for picture in again)
    (tmp_path / LABELS).write_text("00000.png\t한자 漢字", "utf8")
    with pytest.raises(ValueError, match="cannot use"):
        read(tmp_path)


def test_eight_bits_say_what_single_precision_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawer: Drawer
) -> None:
    drawn = [picture for picture, _ in lines(drawer, 12, "plain")]
    strip = np.concatenate(drawn, axis=1)
    monkeypatch.setattr(quantise, "tiles", lambda count: [strip[:, at : at + 320] for at in range(0, 1600, 320)])
    quantise.recogniser(BUNDLED, tmp_path / "int8.onnx")
    assert (tmp_path / "int8.onnx").stat().st_size < 0.7 * BUNDLED.stat().st_size
    chances = [
        Reader(path).session.run(None, {"x": prepared(drawn[0])})[0] for path in (BUNDLED, tmp_path / "int8.onnx")
    ]
    assert Reader(tmp_path / "int8.onnx").characters == Reader(BUNDLED).characters
    assert np.abs(chances[0] - chances[1]).max(-1).mean() < 0.1


def sharp(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (said,) = session.run(None, {"x": x})
    return said


def narrow(model: onnx.ModelProto) -> int:
    """How many convolutions over neighbours give channels that fill no whole step."""
    shapes = {constant.name: list(constant.dims) for constant in model.graph.initializer}
    given = [shapes[node.input[1]] for node in model.graph.node if node.op_type == "Conv"]
    return sum(shape[0] % 16 > 0 and shape[2:] != [1, 1] for shape in given)


def test_the_rewritten_detector_says_what_it_said(tmp_path: Path) -> None:
    model = quantise.fused(plain_detector(), tmp_path / "plain.onnx")
    page = fixed_page().astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
    pages = np.concatenate([page, page[:, :, ::-1]])  # no step may take two for one
    before, wanting = sharp(model, pages), narrow(model)
    quicker.before(model)
    assert narrow(model) < wanting
    assert any(node.name.endswith("_and_one") for node in model.graph.node)
    taken = {name for node in model.graph.node for name in node.input}
    assert {constant.name for constant in model.graph.initializer} <= taken
    assert not {"ReduceMean", "ConvTranspose"} & {node.op_type for node in model.graph.node}
    after = sharp(model, pages)
    assert after.shape == before.shape
    np.testing.assert_allclose(after, before, atol=1e-4)


@pytest.mark.parametrize("times", [2, 4])
def test_bytes_copied_are_the_plane_made_larger(times: int) -> None:
    make = helper.make_node
    settings = {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
    nodes = [
        make("QuantizeLinear", ["x", "step", "zero"], ["a"]),
        make("DequantizeLinear", ["a", "step", "zero"], ["b"]),
        make("Resize", ["b", "", "scales"], ["c"], "grow", **settings),
        make("QuantizeLinear", ["c", "step", "zero"], ["d"]),
        make("DequantizeLinear", ["d", "step", "zero"], ["y"]),
    ]
    constants = [
        numpy_helper.from_array(np.float32(0.1), "step"),
        numpy_helper.from_array(np.uint8(128), "zero"),
        numpy_helper.from_array(np.array([1, 1, times, times], np.float32), "scales"),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy"]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    x = np.random.default_rng(1).integers(-50, 50, (2, 3, 5, 7)).astype(np.float32) / 10
    before = sharp(model, x)
    quicker.after(model)
    assert "Resize" not in {node.op_type for node in model.graph.node}
    np.testing.assert_array_equal(sharp(model, x), before)
