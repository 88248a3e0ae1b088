"""What vulture takes for dead and why it is not. Not run: names only (see `[tool.vulture]` in pyproject.toml)."""
# ruff: noqa

# Public: notebooks, README and design call them.
_._repr_html_
_.reconcile
_.unpair
_.drop_policy
_.check_sampled
_.approve_clean
_.set_four_eyes
_.missing_receipts
_.inquire, _.close_inquiry, _.asked_by
__getattr__, __dir__

# Called by what they are handed to: torch, onnxruntime, Panel and its scripts, tornado, http.server, logging, reportlab.
_.forward
_.get_next
_._relight
_._handle_msg
_._linked_properties, _._esm_path, _._render_esm, compiled
_._get_column_definitions, df
_.__abstract
_.receiving, _.scope, _.focus_next, _.follow
element  # a HoloViews hook's second argument
_.set_default_headers, _.write_error, _.check_origin
_.handle_error, _.log_message, _.do_DELETE, _.do_GET, _.do_PUT, client_address
_.daemon_threads, _.allow_reuse_address, _.protocol_version
_.writable
__call__, _.create_module, _.exec_module, _.__iter__, _.__path__  # Python's import
_.configure, _._workers  # joblib
_.wrap, _.SaveToFile

_.response_class, _.ConnectionCls, _.readable
_.leads, _.inline  # a script's

# Settings of other libraries' objects, which read them.
_.log_errors, _.pool_classes_by_scheme
_.log_severity_level, _.intra_op_num_threads, _.enable_mem_pattern, _.enable_cpu_mem_arena
_.graph_optimization_level, _.optimized_model_filepath
_._crop_by_polys, _.crop_text_regions
_.fontmode, _.notdef_outline, _.drop_tables, _.string
_.design, _.closes, _.hint  # read by Panel, and by a part's script
_.compress_type, _.external_attr
_.useA85, _.dhh, _.dmm, _.YMDhms, _.__InternalName__, _.__accum__, _.__class__
_.max_write_buffer_size, _.cookie_secret, _._include_headers, _._include_cookies
_.trust_env, _.exc_text
_.disabled, _.busy, _.tags, _.tempdir, _.result_class, _.post_op, _.css_classes, _.name_shown, _._currentPageHasImages
_._MAX_MEMORY_LEAK_SIZE, _.NotExistError, _.MAX_IMAGE_PIXELS

# Called by their names: WORKBENCH_ENGINE, a benchmark's engine, functions that a command line names, dialogs.
PaddleEngine
RapidEngine
WithSecondOpinion
ByHeart
Producer
_.long_way, _.short_way
_.past, _.clearing, _.deleting, _.toggle  # dialogs, by the name of their button
ANOTHER, END
speed, coverage

# What a test asks of the same arithmetic, and nobody else does.
STRIDE
reliability_factor
default_policy
unwritable
plain_text
_.page_of

# Read by getattr: a part of the sum.
service_charge
