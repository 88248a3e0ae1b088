"""One audit case on disk: its files, receipts and corrections; the Python API."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from workbench.domain import schema
from workbench.domain.errors import CaseError, Changed, FileRefused, NotAllowed, NotAsked
from workbench.domain.model import Box, Finding, Line, Reading, Receipt, TaxFailure, TaxRecord
from workbench.pipeline.analysis import tables
from workbench.pipeline.analysis.compare import compare
from workbench.pipeline.analysis.frame import frame
from workbench.pipeline.analysis.selection import Choice, chosen, names_for
from workbench.pipeline.analysis.summary import summary_html
from workbench.pipeline.export import writers
from workbench.pipeline.export.inquiry_letter import write_letter, write_missing
