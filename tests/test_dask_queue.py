"""The reading queue on a cluster: a real scheduler and real workers, each in a folder of its own."""

from concurrent.futures import Future
from functools import partial

import pytest

from tests.kit import fakes
from tests.kit.cluster import Cluster
from tests.kit.queue_contract import QueueContract, outcomes
from tests.kit.scripted import picture
from workbench.case import Case
from workbench.domain.errors import SettingsError
from workbench.pipeline.jobs.local import ReadingQueue
from workbench.settings import Settings

pytest.importorskip("distributed")
from distributed.scheduler import KilledWorker

from workbench.pipeline.jobs.dask_queue import ClusterQueue


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    for name in ("first", "second"):
        cluster.add(name)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def queue(cluster):
    queue = ClusterQueue(cluster.address)
    client = queue.connected()
    client.wait_for_workers(2, timeout=300)
    yield queue
    client.close()


class TestClusterQueue(QueueContract):
    """Two workers of a dask cluster."""


class DyingOnce:
    """dask's client of a cluster whose one worker dies with the first two tasks that it is handed."""

    status = "running"

    def __init__(self, *given, **more):
        self.handed = []

    def scheduler_info(self, n_workers):
        return {"workers": {"tcp://one:1": {"nthreads": 1}}}

    def submit(self, run, *task, pure):
        future = Future()
        self.handed.append(future)
        if len(self.handed) == 2:
            for one in self.handed:  # when the second is told, nothing runs any more
                one.set_exception(KilledWorker("task", None, 3))
        elif len(self.handed) > 2:
            future.set_result(run(*task))
        return future


def test_of_two_that_died_with_one_worker_the_last_told_is_tried_alone_as_well(monkeypatch):
    monkeypatch.setattr("distributed.Client", DyingOnce)
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.LOOK_SECONDS", 0.05)
    batch = ClusterQueue("tcp://one:1").batch("kim")
    for number in (1, 2):
        batch.put(str(number), partial(fakes.well, number))
    assert {key: outcome.value for key, outcome in outcomes(batch).items()} == {"1": 1, "2": 2}


class Forgetting(DyingOnce):
    """dask's client of a cluster whose worker dies with the first answer before it is fetched."""

    def submit(self, run, *task, pure):
        future = Future()
        self.handed.append(future)
        if len(self.handed) == 1:
            future.result = self.gone
        future.set_result(run(*task))
        return future

    @staticmethod
    def gone(timeout):
        raise TimeoutError


def test_an_answer_lost_with_its_worker_is_asked_for_again(monkeypatch):
    monkeypatch.setattr("distributed.Client", Forgetting)
    batch = ClusterQueue("tcp://one:1").batch("kim")
    for number in (1, 2):
        batch.put(str(number), partial(fakes.well, number))
    assert {key: outcome.value for key, outcome in outcomes(batch).items()} == {"1": 1, "2": 2}


def unshared(path):
    return f"/no/shared/folder/{path.name}"


def test_files_travel_to_workers_that_do_not_see_them(queue, tmp_path, monkeypatch):
    file = tmp_path / "a.txt"
    file.write_bytes(b"x" * 1000)
    batch = queue.batch("a")
    batch.put("shared", fakes.size_of, str(file))
    assert [o.value for o in batch] == [(1000, True)]
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.named", unshared)
    batch.put("travels", fakes.size_of, str(file))
    assert [o.value for o in batch] == [(1000, False)]
    batch.put("gone", fakes.size_of, str(tmp_path / "none"))
    assert "원본" in outcomes(batch)["gone"].error


def case_settings(cluster):
    return Settings(jobs=2, engine="tests.kit.fakes:ScriptedEngine", backend="dask", scheduler=cluster.address)


def test_a_case_is_read_by_the_cluster_as_by_this_machine(queue, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.pipeline.reading.started_workers.shared_queue", lambda *given: queue)
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.named", unshared)
    here = Case.open(tmp_path / "case", case_settings(cluster))
    here.add(*((f"{i}.png", picture(shade=i)) for i in range(6)), ("white.png", picture("white")))
    here.read().wait(progress=False)
    table = here.frame()
    assert list(table.status) == ["read"] * 7
    assert list(table.total[:6]) == [11000] * 6
    assert here.picture_of(here.receipts()[0].id)[:2] == b"\xff\xd8"
    here.close()


def test_workers_of_another_make_are_refused_before_anything_is_read(queue, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.pipeline.reading.started_workers.shared_queue", lambda *given: queue)
    monkeypatch.setattr("workbench.pipeline.ocr.engine.VERSION", "9.9")
    case = Case.open(tmp_path / "case", case_settings(cluster))
    case.add(("a.png", picture()))
    with pytest.raises(SettingsError, match=r"9\.9"):
        case.read()
    assert [r.status for r in case.receipts()] == ["waiting"]
    case.close()


def test_no_scheduler_is_told_in_words(monkeypatch):
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.CONNECT_SECONDS", 1)
    with pytest.raises(SettingsError, match="연결할 수 없습니다"):
        ClusterQueue("tcp://127.0.0.1:9").check(partial(fakes.well, 1))
    with pytest.raises(SettingsError, match="WORKBENCH_SCHEDULER"):
        ClusterQueue("").check(partial(fakes.well, 1))


def test_a_lost_scheduler_ends_the_stream_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.NO_WORKER_SECONDS", 3)
    monkeypatch.setattr("workbench.pipeline.jobs.dask_queue.CONNECT_SECONDS", 2)
    lonely = Cluster(tmp_path / "lonely")
    try:
        queue: ReadingQueue = ClusterQueue(lonely.address)
        batch = queue.batch("a")
        batch.put("none", partial(fakes.well, 1))
        assert "작업기가 없습니다" in outcomes(batch)["none"].error
        lonely.close()
        batch.put("gone", partial(fakes.well, 1))
        assert "스케줄러" in outcomes(batch)["gone"].error
    finally:
        lonely.close()
