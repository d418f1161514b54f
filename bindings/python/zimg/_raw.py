"""The C API, include/zimg/zimg.h, as ctypes declares it: every function, every struct, nothing else.

tests/raw_test.py compares all of it with the header. The other modules of this package are the safe layer; use those.
"""

from __future__ import annotations

import ctypes
from typing import Any, Callable

from ._interrupts import unbroken

ABI_MAJOR = 0
ABI_MINOR = 1

I32 = ctypes.c_int32
I64 = ctypes.c_int64
U16 = ctypes.c_uint16
U32 = ctypes.c_uint32
U64 = ctypes.c_uint64
INT = ctypes.c_int
SIZE = ctypes.c_size_t
F32 = ctypes.c_float
F64 = ctypes.c_double
PTR = ctypes.c_void_p  # a handle, user data, or memory that is given out or written to
OCTETS = ctypes.c_char_p  # memory that is read during the call; its length comes next
TEXT = ctypes.c_char_p  # text that is ended by a NUL and lives for ever
OUT = ctypes.POINTER(ctypes.c_void_p)  # a handle that is given out
OUT_INT = ctypes.POINTER(INT)
OUT_I32 = ctypes.POINTER(I32)
OUT_U32 = ctypes.POINTER(U32)
OUT_U64 = ctypes.POINTER(U64)
OUT_F64 = ctypes.POINTER(F64)
OUT_SIZE = ctypes.POINTER(SIZE)


class Key(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint8 * 32)]


KEY = ctypes.POINTER(Key)

Release = ctypes.CFUNCTYPE(None, PTR)
ProgressFunction = ctypes.CFUNCTYPE(None, PTR, PTR)
TraceFunction = ctypes.CFUNCTYPE(None, PTR, PTR)
BytesProgressFunction = ctypes.CFUNCTYPE(None, PTR, U64, U64)
JobFunction = ctypes.CFUNCTYPE(None, PTR, PTR)
WarningFunction = ctypes.CFUNCTYPE(None, PTR, PTR, SIZE)
ClockFunction = ctypes.CFUNCTYPE(I64, PTR)
EntryFunction = ctypes.CFUNCTYPE(INT, PTR, PTR, PTR, U64)
TallyFunction = ctypes.CFUNCTYPE(INT, PTR, PTR)
RefusedFunction = ctypes.CFUNCTYPE(None, PTR, U64, PTR, PTR, SIZE)


def callback(kind: Any) -> Callable[[Callable[..., Any]], Any]:
    """Makes a function of Python one of C that lives for as long as the process."""
    return lambda function: kind(unbroken(function))


class PipelineTable(ctypes.Structure):
    Draw = ctypes.CFUNCTYPE(I32, PTR, PTR, PTR, OUT)
    _fields_ = [("struct_size", SIZE), ("draw", Draw), ("release", Release)]


class CacheTable(ctypes.Structure):
    Find = ctypes.CFUNCTYPE(I32, PTR, PTR, PTR, OUT_INT, OUT)
    Store = ctypes.CFUNCTYPE(I32, PTR, PTR, PTR, OUT_I32, OUT)
    Erase = ctypes.CFUNCTYPE(I32, PTR, PTR, OUT_INT, OUT)
    List = ctypes.CFUNCTYPE(I32, PTR, EntryFunction, PTR, OUT)
    Contains = ctypes.CFUNCTYPE(I32, PTR, PTR, OUT_INT, OUT)
    Pin = ctypes.CFUNCTYPE(I32, PTR, PTR, INT, OUT_INT, OUT)
    Stats = ctypes.CFUNCTYPE(I32, PTR, PTR, OUT)
    _fields_ = [
        ("struct_size", SIZE),
        ("find", Find),
        ("store", Store),
        ("erase", Erase),
        ("release", Release),
        ("list", List),
        ("contains", Contains),
        ("pin", Pin),
        ("stats", Stats),
    ]


# Result and parameters of each function.
FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "zimg_abi_version": (U32, ()),
    "zimg_version": (TEXT, ()),
    "zimg_has_feature": (INT, (I32,)),
    "zimg_locate_engine": (I32, (PTR, OUT, OUT)),
    "zimg_status_name": (TEXT, (I32,)),
    "zimg_outcome_name": (TEXT, (I32,)),
    "zimg_stored_name": (TEXT, (I32,)),
    "zimg_trace_kind_name": (TEXT, (I32,)),
    "zimg_prewarm_end_name": (TEXT, (I32,)),
    "zimg_error_create": (PTR, (I32, OCTETS, SIZE)),
    "zimg_error_status": (I32, (PTR,)),
    "zimg_error_message": (PTR, (PTR, OUT_SIZE)),
    "zimg_error_destroy": (None, (PTR,)),
    "zimg_text_data": (PTR, (PTR, OUT_SIZE)),
    "zimg_text_destroy": (None, (PTR,)),
    "zimg_bytes_data": (PTR, (PTR, OUT_SIZE)),
    "zimg_bytes_destroy": (None, (PTR,)),
    "zimg_cancel_token_create": (I32, (OUT, OUT)),
    "zimg_cancel_token_cancel": (None, (PTR,)),
    "zimg_cancel_token_is_cancelled": (INT, (PTR,)),
    "zimg_cancel_token_destroy": (None, (PTR,)),
    "zimg_request_create": (I32, (OUT, OUT)),
    "zimg_request_clone": (I32, (PTR, OUT, OUT)),
    "zimg_request_set_prompt": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_request_set_negative_prompt": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_request_set_size": (I32, (PTR, U32, U32, OUT)),
    "zimg_request_set_steps": (I32, (PTR, U32, OUT)),
    "zimg_request_set_guidance": (I32, (PTR, F64, OUT)),
    "zimg_request_set_guidance_normalization": (I32, (PTR, F64, OUT)),
    "zimg_request_set_guidance_truncation": (I32, (PTR, F64, OUT)),
    "zimg_request_set_schedule": (I32, (PTR, I32, OUT)),
    "zimg_request_set_seed": (I32, (PTR, U64, OUT)),
    "zimg_request_set_random_seed": (I32, (PTR, INT, OUT)),
    "zimg_request_set_vae_tiling": (I32, (PTR, INT, OUT)),
    "zimg_request_set_match_level": (I32, (PTR, I32, OUT)),
    "zimg_request_set_namespace": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_request_set_format": (I32, (PTR, I32, OUT)),
    "zimg_request_set_jpeg_quality": (I32, (PTR, I32, OUT)),
    "zimg_request_set_splice_parameters": (I32, (PTR, INT, OUT)),
    "zimg_request_set_cache_mode": (I32, (PTR, I32, OUT)),
    "zimg_request_set_ttl_ms": (I32, (PTR, I64, OUT)),
    "zimg_request_set_ttl_jitter": (I32, (PTR, F64, OUT)),
    "zimg_request_set_tag": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_request_set_pin": (I32, (PTR, INT, OUT)),
    "zimg_request_set_preview": (I32, (PTR, INT, OUT)),
    "zimg_request_set_progress": (I32, (PTR, ProgressFunction, PTR, Release, OUT)),
    "zimg_request_set_cancel_token": (I32, (PTR, PTR, OUT)),
    "zimg_request_destroy": (None, (PTR,)),
    "zimg_progress_step": (U32, (PTR,)),
    "zimg_progress_steps": (U32, (PTR,)),
    "zimg_progress_preview": (PTR, (PTR, OUT_U32, OUT_U32, OUT_SIZE)),
    "zimg_options_create": (I32, (OUT, OUT)),
    "zimg_options_set_cache_url": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_options_set_requires_cache": (I32, (PTR, INT, OUT)),
    "zimg_options_set_model": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_options_set_device": (I32, (PTR, I32, OUT)),
    "zimg_options_set_precision": (I32, (PTR, I32, OUT)),
    "zimg_options_set_threads": (I32, (PTR, U32, OUT)),
    "zimg_options_set_fingerprint": (I32, (PTR, I32, OUT)),
    "zimg_options_set_engine_path": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_options_set_torch_path": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_options_set_synonyms": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_options_add_namespace_secret": (I32, (PTR, OCTETS, SIZE, OCTETS, SIZE, OUT)),
    "zimg_options_set_kept": (I32, (PTR, I32, OUT)),
    "zimg_options_set_drawings_at_once": (I32, (PTR, U32, OUT)),
    "zimg_options_set_patience_ms": (I32, (PTR, U32, OUT)),
    "zimg_options_set_pending_stores": (I32, (PTR, U32, OUT)),
    "zimg_options_add_keywords": (I32, (PTR, OCTETS, SIZE, I32, OCTETS, SIZE, OUT)),
    "zimg_options_set_trace": (I32, (PTR, TraceFunction, PTR, Release, INT, OUT)),
    "zimg_options_set_hashing_progress": (I32, (PTR, BytesProgressFunction, PTR, Release, OUT)),
    "zimg_options_destroy": (None, (PTR,)),
    "zimg_generator_create": (I32, (PTR, PTR, OUT, OUT)),
    "zimg_generator_generate": (I32, (PTR, PTR, OUT, OUT)),
    "zimg_generator_key": (I32, (PTR, PTR, KEY, OUT)),
    "zimg_generator_explain_key": (I32, (PTR, PTR, OUT, OUT)),
    "zimg_generator_metrics": (I32, (PTR, OUT, OUT)),
    "zimg_generator_drain": (I32, (PTR, OUT)),
    "zimg_generator_model_name": (PTR, (PTR, OUT_SIZE)),
    "zimg_generator_is_builtin_model": (INT, (PTR,)),
    "zimg_generator_destroy": (None, (PTR,)),
    "zimg_job_create": (I32, (PTR, PTR, OUT, OUT)),
    "zimg_job_set_done": (I32, (PTR, JobFunction, PTR, Release, OUT)),
    "zimg_job_start": (I32, (PTR, OUT)),
    "zimg_job_poll": (I32, (PTR,)),
    "zimg_job_wait": (I32, (PTR, I64, OUT_INT, OUT)),
    "zimg_job_cancel": (None, (PTR,)),
    "zimg_job_progress": (None, (PTR, OUT_U32, OUT_U32)),
    "zimg_job_preview": (I32, (PTR, OUT, OUT)),
    "zimg_job_result": (I32, (PTR, OUT, OUT)),
    "zimg_job_destroy": (None, (PTR,)),
    "zimg_result_bytes": (PTR, (PTR, OUT_SIZE)),
    "zimg_result_share_bytes": (I32, (PTR, OUT, OUT)),
    "zimg_result_copy_bytes": (I32, (PTR, PTR, SIZE, OUT)),
    "zimg_result_format": (I32, (PTR,)),
    "zimg_result_width": (U32, (PTR,)),
    "zimg_result_height": (U32, (PTR,)),
    "zimg_result_report": (PTR, (PTR,)),
    "zimg_result_refresh_stored": (I32, (PTR, OUT)),
    "zimg_result_destroy": (None, (PTR,)),
    "zimg_report_outcome": (I32, (PTR,)),
    "zimg_report_is_hit": (INT, (PTR,)),
    "zimg_report_key": (KEY, (PTR,)),
    "zimg_report_stored": (I32, (PTR,)),
    "zimg_report_store_note": (PTR, (PTR, OUT_SIZE)),
    "zimg_report_warning_count": (SIZE, (PTR,)),
    "zimg_report_warning": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_report_folded_count": (SIZE, (PTR,)),
    "zimg_report_folded": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_report_tag_count": (SIZE, (PTR,)),
    "zimg_report_tag": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_report_is_converted": (INT, (PTR,)),
    "zimg_report_is_filtered": (INT, (PTR,)),
    "zimg_report_is_flat": (INT, (PTR,)),
    "zimg_report_seed": (U32, (PTR,)),
    "zimg_report_steps": (U32, (PTR,)),
    "zimg_report_guidance": (F64, (PTR,)),
    "zimg_report_model": (PTR, (PTR, OUT_SIZE)),
    "zimg_report_namespace": (PTR, (PTR, OUT_SIZE)),
    "zimg_report_payload_sha256": (PTR, (PTR, OUT_SIZE)),
    "zimg_report_stage_ms": (F64, (PTR, I32)),
    "zimg_key_from_hex": (I32, (OCTETS, SIZE, KEY, OUT)),
    "zimg_key_to_hex": (I32, (KEY, PTR, SIZE, OUT)),
    "zimg_key_fields_count": (SIZE, (PTR,)),
    "zimg_key_fields_tag": (U16, (PTR, SIZE)),
    "zimg_key_fields_name": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_key_fields_value": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_key_fields_is_live": (INT, (PTR, SIZE)),
    "zimg_key_fields_destroy": (None, (PTR,)),
    "zimg_article_key": (I32, (OCTETS, SIZE, OCTETS, SIZE, OCTETS, SIZE, KEY, OUT)),
    "zimg_article_text": (I32, (OCTETS, SIZE, OCTETS, SIZE, OCTETS, SIZE, OUT, OUT)),
    "zimg_article_key_of_json": (I32, (OCTETS, SIZE, KEY, OUT)),
    "zimg_article_text_of_json": (I32, (OCTETS, SIZE, OUT, OUT)),
    "zimg_metrics_count": (U64, (PTR, I32)),
    "zimg_metrics_hit_rate": (F64, (PTR,)),
    "zimg_metrics_saved_ms": (F64, (PTR,)),
    "zimg_histogram_bound_count": (SIZE, ()),
    "zimg_histogram_bound_ms": (F64, (SIZE,)),
    "zimg_metrics_bucket": (U64, (PTR, I32, SIZE)),
    "zimg_metrics_sum_ms": (F64, (PTR, I32)),
    "zimg_metrics_quantile_ms": (F64, (PTR, I32, F64)),
    "zimg_metrics_prometheus": (I32, (PTR, OUT, OUT)),
    "zimg_metrics_destroy": (None, (PTR,)),
    "zimg_trace_event_kind": (I32, (PTR,)),
    "zimg_trace_event_at_ms": (I64, (PTR,)),
    "zimg_trace_event_key_prefix": (PTR, (PTR, OUT_SIZE)),
    "zimg_trace_event_namespace": (PTR, (PTR, OUT_SIZE)),
    "zimg_trace_event_reason": (PTR, (PTR, OUT_SIZE)),
    "zimg_trace_event_prompt": (PTR, (PTR, OUT_SIZE)),
    "zimg_trace_event_stage_ms": (F64, (PTR, I32)),
    "zimg_trace_event_json": (I32, (PTR, OUT, OUT)),
    "zimg_policy_create": (I32, (OUT, OUT)),
    "zimg_policy_add_namespace": (I32, (PTR, OCTETS, SIZE, U64, U64, I64, OUT)),
    "zimg_policy_add_namespace_secret": (I32, (PTR, OCTETS, SIZE, OCTETS, SIZE, OUT)),
    "zimg_policy_set_ttl_jitter": (I32, (PTR, F64, OUT)),
    "zimg_policy_set_weighs_entries": (I32, (PTR, INT, OUT)),
    "zimg_policy_set_clock": (I32, (PTR, ClockFunction, PTR, Release, OUT)),
    "zimg_policy_set_warning": (I32, (PTR, WarningFunction, PTR, Release, OUT)),
    "zimg_policy_destroy": (None, (PTR,)),
    "zimg_preset_named": (I32, (OCTETS, SIZE, OUT_I32, OUT)),
    "zimg_preset_apply": (I32, (I32, OCTETS, SIZE, PTR, PTR, OUT)),
    "zimg_lmdb_options_create": (I32, (OUT, OUT)),
    "zimg_lmdb_options_from_url": (I32, (OCTETS, SIZE, OUT, OUT)),
    "zimg_lmdb_options_set_path": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_lmdb_options_set_capacity_bytes": (I32, (PTR, U64, OUT)),
    "zimg_lmdb_options_set_lock_timeout_ms": (I32, (PTR, U32, OUT)),
    "zimg_lmdb_options_set_allow_network": (I32, (PTR, INT, OUT)),
    "zimg_lmdb_options_set_policy": (I32, (PTR, PTR, OUT)),
    "zimg_lmdb_options_add_namespace_secret": (I32, (PTR, OCTETS, SIZE, OCTETS, SIZE, OUT)),
    "zimg_lmdb_options_destroy": (None, (PTR,)),
    "zimg_cache_open": (I32, (OCTETS, SIZE, PTR, OUT, OUT)),
    "zimg_cache_open_lmdb": (I32, (PTR, OUT, OUT)),
    "zimg_cache_make_memory": (I32, (U64, PTR, OUT, OUT)),
    "zimg_cache_make_tier": (I32, (PTR, PTR, OUT, OUT)),
    "zimg_cache_default_path": (I32, (OUT, OUT)),
    "zimg_cache_find": (I32, (PTR, KEY, OUT, OUT)),
    "zimg_cache_peek": (I32, (PTR, KEY, OUT, OUT)),
    "zimg_cache_contains": (I32, (PTR, KEY, OUT_INT, OUT)),
    "zimg_cache_store": (I32, (PTR, KEY, PTR, OUT_I32, OUT)),
    "zimg_cache_store_all": (I32, (PTR, KEY, OUT, SIZE, OUT_I32, OUT)),
    "zimg_cache_erase": (I32, (PTR, KEY, OUT_INT, OUT)),
    "zimg_cache_pin": (I32, (PTR, KEY, INT, OUT_INT, OUT)),
    "zimg_cache_list": (I32, (PTR, EntryFunction, PTR, OUT)),
    "zimg_cache_erase_if": (I32, (PTR, EntryFunction, PTR, OUT_U64, OUT)),
    "zimg_cache_purge": (I32, (PTR, PTR, OUT_U64, OUT)),
    "zimg_cache_verify": (I32, (PTR, TallyFunction, PTR, OUT, OUT)),
    "zimg_cache_stats": (I32, (PTR, OUT, OUT)),
    "zimg_cache_description": (I32, (PTR, OUT, OUT)),
    "zimg_cache_close": (I32, (PTR, OUT)),
    "zimg_cache_destroy": (None, (PTR,)),
    "zimg_purge_filter_create": (I32, (OUT, OUT)),
    "zimg_purge_filter_set_namespace": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_purge_filter_set_model": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_purge_filter_set_tag": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_purge_filter_set_stored_before_ms": (I32, (PTR, I64, OUT)),
    "zimg_purge_filter_set_key_prefix": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_purge_filter_set_spares_pinned": (I32, (PTR, INT, OUT)),
    "zimg_purge_filter_matches": (INT, (PTR, KEY, PTR)),
    "zimg_purge_filter_destroy": (None, (PTR,)),
    "zimg_entry_create": (I32, (OUT, OUT)),
    "zimg_entry_clone": (I32, (PTR, OUT, OUT)),
    "zimg_entry_set_payload": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_entry_set_format": (I32, (PTR, I32, OUT)),
    "zimg_entry_set_size": (I32, (PTR, U32, U32, OUT)),
    "zimg_entry_set_seed": (I32, (PTR, U32, OUT)),
    "zimg_entry_set_steps": (I32, (PTR, U32, OUT)),
    "zimg_entry_set_guidance": (I32, (PTR, F64, OUT)),
    "zimg_entry_set_draw_ms": (I32, (PTR, F64, OUT)),
    "zimg_entry_set_stored_at_ms": (I32, (PTR, I64, OUT)),
    "zimg_entry_set_expires_at_ms": (I32, (PTR, I64, OUT)),
    "zimg_entry_set_namespace": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_entry_set_model": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_entry_set_tag": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_entry_set_pinned": (I32, (PTR, INT, OUT)),
    "zimg_entry_set_payload_sha256": (I32, (PTR, OCTETS, SIZE, OUT)),
    "zimg_entry_payload": (PTR, (PTR, OUT_SIZE)),
    "zimg_entry_format": (I32, (PTR,)),
    "zimg_entry_width": (U32, (PTR,)),
    "zimg_entry_height": (U32, (PTR,)),
    "zimg_entry_seed": (U32, (PTR,)),
    "zimg_entry_steps": (U32, (PTR,)),
    "zimg_entry_guidance": (F64, (PTR,)),
    "zimg_entry_draw_ms": (F64, (PTR,)),
    "zimg_entry_stored_at_ms": (I64, (PTR,)),
    "zimg_entry_expires_at_ms": (I64, (PTR,)),
    "zimg_entry_namespace": (PTR, (PTR, OUT_SIZE)),
    "zimg_entry_model": (PTR, (PTR, OUT_SIZE)),
    "zimg_entry_tag": (PTR, (PTR, OUT_SIZE)),
    "zimg_entry_is_pinned": (INT, (PTR,)),
    "zimg_entry_payload_sha256": (PTR, (PTR,)),
    "zimg_entry_destroy": (None, (PTR,)),
    "zimg_tally_count": (U64, (PTR, I32)),
    "zimg_tally_destroy": (None, (PTR,)),
    "zimg_stats_count": (U64, (PTR, I32)),
    "zimg_stats_saved_ms": (F64, (PTR,)),
    "zimg_stats_hit_rate": (F64, (PTR,)),
    "zimg_stats_point_count": (SIZE, (PTR,)),
    "zimg_stats_point_bytes": (U64, (PTR, SIZE)),
    "zimg_stats_point_hit_rate": (F64, (PTR, SIZE)),
    "zimg_stats_namespace_count": (SIZE, (PTR,)),
    "zimg_stats_namespace_name": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_stats_namespace_value": (U64, (PTR, SIZE, I32)),
    "zimg_stats_namespace_saved_ms": (F64, (PTR, SIZE)),
    "zimg_stats_set_count": (I32, (PTR, I32, U64, OUT)),
    "zimg_stats_destroy": (None, (PTR,)),
    "zimg_cache_wrap": (I32, (ctypes.POINTER(CacheTable), PTR, OCTETS, SIZE, OUT, OUT)),
    "zimg_bundle_export": (I32, (PTR, OCTETS, SIZE, EntryFunction, TallyFunction, PTR, OUT, OUT)),
    "zimg_bundle_import": (I32, (PTR, OCTETS, SIZE, RefusedFunction, TallyFunction, PTR, OUT, OUT)),
    "zimg_store_verify": (I32, (PTR, TallyFunction, PTR, OUT, OUT)),
    "zimg_store_rebuild": (I32, (PTR, TallyFunction, PTR, OUT, OUT)),
    "zimg_store_resize": (I32, (PTR, OUT)),
    "zimg_prewarm_create": (I32, (OUT, OUT)),
    "zimg_prewarm_add": (I32, (PTR, PTR, F64, OUT)),
    "zimg_prewarm_set_budget_pictures": (I32, (PTR, U64, OUT)),
    "zimg_prewarm_set_budget_seconds": (I32, (PTR, F64, OUT)),
    "zimg_prewarm_set_budget_bytes": (I32, (PTR, U64, OUT)),
    "zimg_prewarm_set_at_once": (I32, (PTR, U32, OUT)),
    "zimg_prewarm_set_cancel_token": (I32, (PTR, PTR, OUT)),
    "zimg_prewarm_run": (I32, (PTR, PTR, TallyFunction, PTR, OUT, OUT)),
    "zimg_prewarm_destroy": (None, (PTR,)),
    "zimg_prewarm_report_end": (I32, (PTR,)),
    "zimg_prewarm_report_note": (PTR, (PTR, OUT_SIZE)),
    "zimg_prewarm_report_count": (U64, (PTR, I32)),
    "zimg_prewarm_report_seconds": (F64, (PTR,)),
    "zimg_prewarm_report_failure_count": (SIZE, (PTR,)),
    "zimg_prewarm_report_failure_item": (SIZE, (PTR, SIZE)),
    "zimg_prewarm_report_failure_status": (I32, (PTR, SIZE)),
    "zimg_prewarm_report_failure_message": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_prewarm_report_destroy": (None, (PTR,)),
    "zimg_options_set_pipeline": (I32, (PTR, ctypes.POINTER(PipelineTable), PTR, OCTETS, SIZE, OUT)),
    "zimg_drawing_prompt": (PTR, (PTR, OUT_SIZE)),
    "zimg_drawing_negative_prompt": (PTR, (PTR, OUT_SIZE)),
    "zimg_drawing_width": (U32, (PTR,)),
    "zimg_drawing_height": (U32, (PTR,)),
    "zimg_drawing_sigmas": (PTR, (PTR, OUT_SIZE)),
    "zimg_drawing_guidance": (F32, (PTR,)),
    "zimg_drawing_guidance_normalization": (F32, (PTR,)),
    "zimg_drawing_guidance_truncation": (F32, (PTR,)),
    "zimg_drawing_seed": (U32, (PTR,)),
    "zimg_drawing_is_vae_tiled": (INT, (PTR,)),
    "zimg_drawing_wants_preview": (INT, (PTR,)),
    "zimg_drawing_is_cancelled": (INT, (PTR,)),
    "zimg_drawing_report_progress": (I32, (PTR, U32, U32, PTR, OUT)),
    "zimg_picture_create": (I32, (OUT, OUT)),
    "zimg_picture_decode": (I32, (OCTETS, SIZE, OUT, OUT)),
    "zimg_picture_set_rgb": (I32, (PTR, U32, U32, OCTETS, SIZE, OUT)),
    "zimg_picture_set_stage_ms": (I32, (PTR, I32, F64, OUT)),
    "zimg_picture_width": (U32, (PTR,)),
    "zimg_picture_height": (U32, (PTR,)),
    "zimg_picture_rgb": (PTR, (PTR, OUT_SIZE)),
    "zimg_picture_destroy": (None, (PTR,)),
    "zimg_picture_facts_read": (I32, (OCTETS, SIZE, OUT, OUT)),
    "zimg_picture_facts_format": (I32, (PTR,)),
    "zimg_picture_facts_width": (U32, (PTR,)),
    "zimg_picture_facts_height": (U32, (PTR,)),
    "zimg_picture_facts_text_count": (SIZE, (PTR,)),
    "zimg_picture_facts_keyword": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_picture_facts_text": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_picture_facts_destroy": (None, (PTR,)),
    "zimg_builtin_model_path": (I32, (OUT, OUT)),
    "zimg_model_convert": (I32, (OCTETS, SIZE, OCTETS, SIZE, I32, BytesProgressFunction, PTR, OUT)),
    "zimg_model_inspect": (I32, (OCTETS, SIZE, INT, OUT, OUT)),
    "zimg_inspection_path": (PTR, (PTR, OUT_SIZE)),
    "zimg_inspection_name": (PTR, (PTR, OUT_SIZE)),
    "zimg_inspection_layout": (PTR, (PTR, OUT_SIZE)),
    "zimg_inspection_identity": (PTR, (PTR, OUT_SIZE)),
    "zimg_inspection_width": (U32, (PTR,)),
    "zimg_inspection_height": (U32, (PTR,)),
    "zimg_inspection_size_step": (U32, (PTR,)),
    "zimg_inspection_max_side": (U32, (PTR,)),
    "zimg_inspection_steps": (U32, (PTR,)),
    "zimg_inspection_guidance": (F64, (PTR,)),
    "zimg_inspection_shift": (F64, (PTR,)),
    "zimg_inspection_part_count": (SIZE, (PTR,)),
    "zimg_inspection_part_role": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_inspection_part_dtypes": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_inspection_part_tensors": (U64, (PTR, SIZE)),
    "zimg_inspection_part_parameters": (U64, (PTR, SIZE)),
    "zimg_inspection_part_bytes": (U64, (PTR, SIZE)),
    "zimg_inspection_part_file_count": (SIZE, (PTR, SIZE)),
    "zimg_inspection_part_file": (PTR, (PTR, SIZE, SIZE, OUT_SIZE)),
    "zimg_inspection_problem_count": (SIZE, (PTR,)),
    "zimg_inspection_problem": (PTR, (PTR, SIZE, OUT_SIZE)),
    "zimg_inspection_destroy": (None, (PTR,)),
    "zimg_tokenizer_open": (I32, (OCTETS, SIZE, OUT, OUT)),
    "zimg_tokenizer_encode": (I32, (PTR, OCTETS, SIZE, INT, OUT_U32, SIZE, OUT_SIZE, OUT)),
    "zimg_tokenizer_piece": (I32, (PTR, U32, OUT, OUT)),
    "zimg_tokenizer_destroy": (None, (PTR,)),
}

# Functions that neither wait nor draw nor read a disk, by how their names begin. They are called with the GIL held, which
# is faster; all others let other threads run meanwhile.
QUICK = (
    "zimg_bytes_",
    "zimg_cancel_token_",
    "zimg_entry_",
    "zimg_error_",
    "zimg_key_",
    "zimg_lmdb_options_",
    "zimg_metrics_",
    "zimg_options_",
    "zimg_policy_",
    "zimg_prewarm_report_",
    "zimg_progress_",
    "zimg_purge_filter_",
    "zimg_report_",
    "zimg_request_",
    "zimg_result_",
    "zimg_stats_",
    "zimg_tally_",
    "zimg_text_",
    "zimg_trace_event_",
)


class Library:
    """The functions of the shared library at `path`, as attributes: zimg_version() and so on."""

    def __init__(self, path: str) -> None:
        waiting = ctypes.CDLL(path)
        quick = ctypes.PyDLL(path)
        for name, (result, parameters) in FUNCTIONS.items():
            function = getattr(quick if name.startswith(QUICK) else waiting, name)
            function.restype = result
            function.argtypes = parameters
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:  # for the type checker: all there are were set above
        raise AttributeError(name)
