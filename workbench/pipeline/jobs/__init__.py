"""Tasks are done in parallel and in fair turns; the only place that knows joblib and dask."""
