import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.nts_server import dashed, numbers
from workbench.domain.errors import SettingsError
from workbench.pipeline.tax.nts_client import NationalTaxService
from workbench.pipeline.tax.standin import BASE, KEY, PORT, StandIn, serve_standin
from workbench.pipeline.tax.standin_rows import GOLDEN, lively


@pytest.fixture
def interruptible():
    """A run in the background of a shell ignores Ctrl+C, and would hand that down to what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_the_command_serves_until_interrupted():
    """As a person uses it: what it prints is what has to be set."""
    environ = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "workbench", "nts-standin", "--port", "0"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            said = "".join(process.stdout.readline() for _ in range(3))
            url, key = re.search(r"WORKBENCH_NTS_URL=(\S+) WORKBENCH_NTS_KEY=(\S+)", said).groups()
            assert "모의" in said
            answered = NationalTaxService(key, url).look_up(numbers(20))
            assert {record.source for record in answered.values()} == {"standin"}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(300)
    assert process.returncode == 0


def test_the_readme_says_what_the_standin_wants():
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    assert f"WORKBENCH_NTS_URL=http://127.0.0.1:{PORT}{BASE} WORKBENCH_NTS_KEY={KEY} " in readme
    assert f"nts-standin --port {PORT}" in readme


def test_a_port_in_use_is_told():
    with StandIn() as first, pytest.raises(SettingsError, match="--port"):
        serve_standin(first.server_address[1])


def test_invented_answers_are_the_same_each_time_and_of_every_sort():
    many = [number.replace("-", "") for number in numbers(200)]
    rows = [lively(number) for number in many]
    assert rows == [lively(number) for number in many]
    assert {row["tax_type_cd"] for row in rows} == {"01", "02", "07"}
    assert {row["b_stt_cd"] for row in rows} == {"01", "02", "03"}
    assert {lively(f"12390{n:05d}")["tax_type_cd"] for n in range(40)} == {"04", ""}  # "" where the check digit fails
    assert all(lively(number) is row for number, row in GOLDEN.items())


def test_without_invention_only_the_golden_rows_are_known():
    with StandIn() as server:
        answered = NationalTaxService("standin", server.url).look_up([dashed("1111111119"), *numbers(3)])
    assert [record.code for record in answered.values()] == ["GENERAL"] + ["NOT_REGISTERED"] * 3
