// As Native.cs, by the source generator of .NET 7 and later, which ahead-of-time compilers prefer.
#if NET8_0_OR_GREATER
using System;
using System.Runtime.InteropServices;

namespace Zimg.Raw
{
    internal static unsafe partial class Native
    {
        [LibraryImport(Library)]
        internal static partial uint zimg_abi_version();
        [LibraryImport(Library)]
        internal static partial byte* zimg_version();
        [LibraryImport(Library)]
        internal static partial int zimg_has_feature(int feature);
        [LibraryImport(Library)]
        internal static partial int zimg_locate_engine(IntPtr options, IntPtr* out_path, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_status_name(int status);
        [LibraryImport(Library)]
        internal static partial byte* zimg_outcome_name(int outcome);
        [LibraryImport(Library)]
        internal static partial byte* zimg_stored_name(int stored);
        [LibraryImport(Library)]
        internal static partial byte* zimg_trace_kind_name(int kind);
        [LibraryImport(Library)]
        internal static partial byte* zimg_prewarm_end_name(int end);
        [LibraryImport(Library)]
        internal static partial IntPtr zimg_error_create(int status, byte* message, UIntPtr size);
        [LibraryImport(Library)]
        internal static partial int zimg_error_status(IntPtr error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_error_message(IntPtr error, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_error_destroy(IntPtr error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_text_data(IntPtr text, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_text_destroy(IntPtr text);
        [LibraryImport(Library)]
        internal static partial byte* zimg_bytes_data(IntPtr bytes, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_bytes_destroy(IntPtr bytes);
        [LibraryImport(Library)]
        internal static partial int zimg_cancel_token_create(IntPtr* out_token, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_cancel_token_cancel(IntPtr token);
        [LibraryImport(Library)]
        internal static partial int zimg_cancel_token_is_cancelled(IntPtr token);
        [LibraryImport(Library)]
        internal static partial void zimg_cancel_token_destroy(IntPtr token);
        [LibraryImport(Library)]
        internal static partial int zimg_request_create(IntPtr* out_request, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_clone(IntPtr request, IntPtr* out_request, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_prompt(IntPtr request, byte* prompt, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_negative_prompt(IntPtr request, byte* prompt, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_size(IntPtr request, uint width, uint height, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_steps(IntPtr request, uint steps, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_guidance(IntPtr request, double guidance, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_guidance_normalization(IntPtr request, double normalization,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_guidance_truncation(IntPtr request, double truncation,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_schedule(IntPtr request, int schedule, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_seed(IntPtr request, ulong seed, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_random_seed(IntPtr request, int is_random, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_vae_tiling(IntPtr request, int is_tiled, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_match_level(IntPtr request, int level, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_namespace(IntPtr request, byte* name, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_format(IntPtr request, int format, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_jpeg_quality(IntPtr request, int quality, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_splice_parameters(IntPtr request, int is_spliced,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_cache_mode(IntPtr request, int mode, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_ttl_ms(IntPtr request, long ttl_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_ttl_jitter(IntPtr request, double jitter, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_tag(IntPtr request, byte* tag, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_pin(IntPtr request, int is_pinned, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_preview(IntPtr request, int is_wanted, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_progress(IntPtr request, IntPtr on_progress, IntPtr user_data,
            IntPtr release, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_request_set_cancel_token(IntPtr request, IntPtr token, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_request_destroy(IntPtr request);
        [LibraryImport(Library)]
        internal static partial uint zimg_progress_step(IntPtr progress);
        [LibraryImport(Library)]
        internal static partial uint zimg_progress_steps(IntPtr progress);
        [LibraryImport(Library)]
        internal static partial byte* zimg_progress_preview(IntPtr progress, uint* out_width, uint* out_height,
            UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_options_create(IntPtr* out_options, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_cache_url(IntPtr options, byte* url, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_requires_cache(IntPtr options, int is_required, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_model(IntPtr options, byte* path, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_device(IntPtr options, int device, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_precision(IntPtr options, int precision, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_threads(IntPtr options, uint threads, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_fingerprint(IntPtr options, int fingerprint, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_engine_path(IntPtr options, byte* path, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_torch_path(IntPtr options, byte* path, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_synonyms(IntPtr options, byte* path, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_add_namespace_secret(IntPtr options, byte* name, UIntPtr name_size,
            byte* secret, UIntPtr secret_size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_kept(IntPtr options, int kept, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_drawings_at_once(IntPtr options, uint drawings, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_patience_ms(IntPtr options, uint patience_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_pending_stores(IntPtr options, uint stores, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_add_keywords(IntPtr options, byte* path, UIntPtr path_size, int action,
            byte* tag, UIntPtr tag_size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_trace(IntPtr options, IntPtr on_event, IntPtr user_data,
            IntPtr release, int has_prompts, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_hashing_progress(IntPtr options, IntPtr on_hashing,
            IntPtr user_data, IntPtr release, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_options_destroy(IntPtr options);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_create(IntPtr options, IntPtr cache, IntPtr* out_generator,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_generate(IntPtr generator, IntPtr request, IntPtr* out_result,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_key(IntPtr generator, IntPtr request, Key* out_key,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_explain_key(IntPtr generator, IntPtr request, IntPtr* out_fields,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_metrics(IntPtr generator, IntPtr* out_metrics, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_drain(IntPtr generator, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_generator_model_name(IntPtr generator, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_generator_is_builtin_model(IntPtr generator);
        [LibraryImport(Library)]
        internal static partial void zimg_generator_destroy(IntPtr generator);
        [LibraryImport(Library)]
        internal static partial int zimg_job_create(IntPtr generator, IntPtr request, IntPtr* out_job,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_job_set_done(IntPtr job, IntPtr on_done, IntPtr user_data, IntPtr release,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_job_start(IntPtr job, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_job_poll(IntPtr job);
        [LibraryImport(Library)]
        internal static partial int zimg_job_wait(IntPtr job, long timeout_ms, int* out_is_done, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_job_cancel(IntPtr job);
        [LibraryImport(Library)]
        internal static partial void zimg_job_progress(IntPtr job, uint* out_step, uint* out_steps);
        [LibraryImport(Library)]
        internal static partial int zimg_job_preview(IntPtr job, IntPtr* out_picture, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_job_result(IntPtr job, IntPtr* out_result, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_job_destroy(IntPtr job);
        [LibraryImport(Library)]
        internal static partial byte* zimg_result_bytes(IntPtr result, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_result_share_bytes(IntPtr result, IntPtr* out_bytes, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_result_copy_bytes(IntPtr result, IntPtr buffer, UIntPtr capacity,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_result_format(IntPtr result);
        [LibraryImport(Library)]
        internal static partial uint zimg_result_width(IntPtr result);
        [LibraryImport(Library)]
        internal static partial uint zimg_result_height(IntPtr result);
        [LibraryImport(Library)]
        internal static partial IntPtr zimg_result_report(IntPtr result);
        [LibraryImport(Library)]
        internal static partial int zimg_result_refresh_stored(IntPtr result, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_result_destroy(IntPtr result);
        [LibraryImport(Library)]
        internal static partial int zimg_report_outcome(IntPtr report);
        [LibraryImport(Library)]
        internal static partial int zimg_report_is_hit(IntPtr report);
        [LibraryImport(Library)]
        internal static partial Key* zimg_report_key(IntPtr report);
        [LibraryImport(Library)]
        internal static partial int zimg_report_stored(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_store_note(IntPtr report, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_report_warning_count(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_warning(IntPtr report, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_report_folded_count(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_folded(IntPtr report, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_report_tag_count(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_tag(IntPtr report, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_report_is_converted(IntPtr report);
        [LibraryImport(Library)]
        internal static partial int zimg_report_is_filtered(IntPtr report);
        [LibraryImport(Library)]
        internal static partial int zimg_report_is_flat(IntPtr report);
        [LibraryImport(Library)]
        internal static partial uint zimg_report_seed(IntPtr report);
        [LibraryImport(Library)]
        internal static partial uint zimg_report_steps(IntPtr report);
        [LibraryImport(Library)]
        internal static partial double zimg_report_guidance(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_model(IntPtr report, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_namespace(IntPtr report, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_report_payload_sha256(IntPtr report, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial double zimg_report_stage_ms(IntPtr report, int stage);
        [LibraryImport(Library)]
        internal static partial int zimg_key_from_hex(byte* hex, UIntPtr size, Key* out_key, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_key_to_hex(Key* key, byte* out_hex, UIntPtr capacity, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_key_fields_count(IntPtr fields);
        [LibraryImport(Library)]
        internal static partial ushort zimg_key_fields_tag(IntPtr fields, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial byte* zimg_key_fields_name(IntPtr fields, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_key_fields_value(IntPtr fields, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_key_fields_is_live(IntPtr fields, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial void zimg_key_fields_destroy(IntPtr fields);
        [LibraryImport(Library)]
        internal static partial int zimg_article_key(byte* prompt, UIntPtr prompt_size, byte* negative_prompt,
            UIntPtr negative_size, byte* config, UIntPtr config_size, Key* out_key, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_article_text(byte* prompt, UIntPtr prompt_size, byte* negative_prompt,
            UIntPtr negative_size, byte* config, UIntPtr config_size, IntPtr* out_text, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_article_key_of_json(byte* json, UIntPtr size, Key* out_key, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_article_text_of_json(byte* json, UIntPtr size, IntPtr* out_text,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial ulong zimg_metrics_count(IntPtr metrics, int count);
        [LibraryImport(Library)]
        internal static partial double zimg_metrics_hit_rate(IntPtr metrics);
        [LibraryImport(Library)]
        internal static partial double zimg_metrics_saved_ms(IntPtr metrics);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_histogram_bound_count();
        [LibraryImport(Library)]
        internal static partial double zimg_histogram_bound_ms(UIntPtr index);
        [LibraryImport(Library)]
        internal static partial ulong zimg_metrics_bucket(IntPtr metrics, int histogram, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial double zimg_metrics_sum_ms(IntPtr metrics, int histogram);
        [LibraryImport(Library)]
        internal static partial double zimg_metrics_quantile_ms(IntPtr metrics, int histogram, double quantile);
        [LibraryImport(Library)]
        internal static partial int zimg_metrics_prometheus(IntPtr metrics, IntPtr* out_text, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_metrics_destroy(IntPtr metrics);
        [LibraryImport(Library)]
        internal static partial int zimg_trace_event_kind(IntPtr @event);
        [LibraryImport(Library)]
        internal static partial long zimg_trace_event_at_ms(IntPtr @event);
        [LibraryImport(Library)]
        internal static partial byte* zimg_trace_event_key_prefix(IntPtr @event, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_trace_event_namespace(IntPtr @event, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_trace_event_reason(IntPtr @event, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_trace_event_prompt(IntPtr @event, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial double zimg_trace_event_stage_ms(IntPtr @event, int stage);
        [LibraryImport(Library)]
        internal static partial int zimg_trace_event_json(IntPtr @event, IntPtr* out_text, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_create(IntPtr* out_policy, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_add_namespace(IntPtr policy, byte* name, UIntPtr size,
            ulong limit_bytes, ulong reserved_bytes, long ttl_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_add_namespace_secret(IntPtr policy, byte* name, UIntPtr name_size,
            byte* secret, UIntPtr secret_size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_set_ttl_jitter(IntPtr policy, double jitter, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_set_weighs_entries(IntPtr policy, int is_weighing, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_set_clock(IntPtr policy, IntPtr now_ms, IntPtr user_data,
            IntPtr release, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_policy_set_warning(IntPtr policy, IntPtr on_warning, IntPtr user_data,
            IntPtr release, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_policy_destroy(IntPtr policy);
        [LibraryImport(Library)]
        internal static partial int zimg_preset_named(byte* name, UIntPtr size, int* out_preset, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_preset_apply(int preset, byte* user, UIntPtr user_size, IntPtr request,
            IntPtr policy, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_create(IntPtr* out_options, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_from_url(byte* url, UIntPtr size, IntPtr* out_options,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_set_path(IntPtr options, byte* path, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_set_capacity_bytes(IntPtr options, ulong bytes,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_set_lock_timeout_ms(IntPtr options, uint timeout_ms,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_set_allow_network(IntPtr options, int is_allowed,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_set_policy(IntPtr options, IntPtr policy, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_lmdb_options_add_namespace_secret(IntPtr options, byte* name,
            UIntPtr name_size, byte* secret, UIntPtr secret_size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_lmdb_options_destroy(IntPtr options);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_open(byte* url, UIntPtr size, IntPtr policy, IntPtr* out_cache,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_open_lmdb(IntPtr options, IntPtr* out_cache, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_make_memory(ulong capacity_bytes, IntPtr policy, IntPtr* out_cache,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_make_tier(IntPtr upper, IntPtr lower, IntPtr* out_cache,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_default_path(IntPtr* out_path, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_find(IntPtr cache, Key* key, IntPtr* out_entry, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_peek(IntPtr cache, Key* key, IntPtr* out_entry, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_contains(IntPtr cache, Key* key, int* out_is_there, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_store(IntPtr cache, Key* key, IntPtr entry, int* out_outcome,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_store_all(IntPtr cache, Key* keys, IntPtr* entries, UIntPtr count,
            int* out_outcomes, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_erase(IntPtr cache, Key* key, int* out_was_there, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_pin(IntPtr cache, Key* key, int is_pinned, int* out_is_there,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_list(IntPtr cache, IntPtr visit, IntPtr user_data, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_erase_if(IntPtr cache, IntPtr match, IntPtr user_data, ulong* out_erased,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_purge(IntPtr cache, IntPtr filter, ulong* out_erased, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_verify(IntPtr cache, IntPtr on_progress, IntPtr user_data,
            IntPtr* out_tally, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_stats(IntPtr cache, IntPtr* out_stats, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_description(IntPtr cache, IntPtr* out_text, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_close(IntPtr cache, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_cache_destroy(IntPtr cache);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_create(IntPtr* out_filter, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_namespace(IntPtr filter, byte* name, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_model(IntPtr filter, byte* name, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_tag(IntPtr filter, byte* tag, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_stored_before_ms(IntPtr filter, long time_ms,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_key_prefix(IntPtr filter, byte* digits, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_set_spares_pinned(IntPtr filter, int is_sparing,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_purge_filter_matches(IntPtr filter, Key* key, IntPtr entry);
        [LibraryImport(Library)]
        internal static partial void zimg_purge_filter_destroy(IntPtr filter);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_create(IntPtr* out_entry, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_clone(IntPtr entry, IntPtr* out_entry, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_payload(IntPtr entry, byte* payload, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_format(IntPtr entry, int format, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_size(IntPtr entry, uint width, uint height, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_seed(IntPtr entry, uint seed, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_steps(IntPtr entry, uint steps, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_guidance(IntPtr entry, double guidance, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_draw_ms(IntPtr entry, double draw_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_stored_at_ms(IntPtr entry, long time_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_expires_at_ms(IntPtr entry, long time_ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_namespace(IntPtr entry, byte* name, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_model(IntPtr entry, byte* name, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_tag(IntPtr entry, byte* tag, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_pinned(IntPtr entry, int is_pinned, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_set_payload_sha256(IntPtr entry, byte* digest, UIntPtr size,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_entry_payload(IntPtr entry, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_format(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial uint zimg_entry_width(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial uint zimg_entry_height(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial uint zimg_entry_seed(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial uint zimg_entry_steps(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial double zimg_entry_guidance(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial double zimg_entry_draw_ms(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial long zimg_entry_stored_at_ms(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial long zimg_entry_expires_at_ms(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial byte* zimg_entry_namespace(IntPtr entry, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_entry_model(IntPtr entry, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_entry_tag(IntPtr entry, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial int zimg_entry_is_pinned(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial byte* zimg_entry_payload_sha256(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial void zimg_entry_destroy(IntPtr entry);
        [LibraryImport(Library)]
        internal static partial ulong zimg_tally_count(IntPtr tally, int count);
        [LibraryImport(Library)]
        internal static partial void zimg_tally_destroy(IntPtr tally);
        [LibraryImport(Library)]
        internal static partial ulong zimg_stats_count(IntPtr stats, int count);
        [LibraryImport(Library)]
        internal static partial double zimg_stats_saved_ms(IntPtr stats);
        [LibraryImport(Library)]
        internal static partial double zimg_stats_hit_rate(IntPtr stats);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_stats_point_count(IntPtr stats);
        [LibraryImport(Library)]
        internal static partial ulong zimg_stats_point_bytes(IntPtr stats, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial double zimg_stats_point_hit_rate(IntPtr stats, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_stats_namespace_count(IntPtr stats);
        [LibraryImport(Library)]
        internal static partial byte* zimg_stats_namespace_name(IntPtr stats, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial ulong zimg_stats_namespace_value(IntPtr stats, UIntPtr index, int count);
        [LibraryImport(Library)]
        internal static partial double zimg_stats_namespace_saved_ms(IntPtr stats, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial int zimg_stats_set_count(IntPtr stats, int count, ulong value, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_stats_destroy(IntPtr stats);
        [LibraryImport(Library)]
        internal static partial int zimg_cache_wrap(CacheTable* vtable, IntPtr user_data, byte* description,
            UIntPtr size, IntPtr* out_cache, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_bundle_export(IntPtr cache, byte* path, UIntPtr size, IntPtr filter,
            IntPtr on_progress, IntPtr user_data, IntPtr* out_tally, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_bundle_import(IntPtr cache, byte* path, UIntPtr size, IntPtr on_refused,
            IntPtr on_progress, IntPtr user_data, IntPtr* out_tally, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_store_verify(IntPtr options, IntPtr on_progress, IntPtr user_data,
            IntPtr* out_tally, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_store_rebuild(IntPtr options, IntPtr on_progress, IntPtr user_data,
            IntPtr* out_tally, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_store_resize(IntPtr options, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_create(IntPtr* out_prewarm, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_add(IntPtr prewarm, IntPtr request, double priority,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_set_budget_pictures(IntPtr prewarm, ulong pictures, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_set_budget_seconds(IntPtr prewarm, double seconds, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_set_budget_bytes(IntPtr prewarm, ulong bytes, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_set_at_once(IntPtr prewarm, uint requests, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_set_cancel_token(IntPtr prewarm, IntPtr token, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_run(IntPtr prewarm, IntPtr generator, IntPtr on_progress,
            IntPtr user_data, IntPtr* out_report, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_prewarm_destroy(IntPtr prewarm);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_report_end(IntPtr report);
        [LibraryImport(Library)]
        internal static partial byte* zimg_prewarm_report_note(IntPtr report, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial ulong zimg_prewarm_report_count(IntPtr report, int count);
        [LibraryImport(Library)]
        internal static partial double zimg_prewarm_report_seconds(IntPtr report);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_prewarm_report_failure_count(IntPtr report);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_prewarm_report_failure_item(IntPtr report, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial int zimg_prewarm_report_failure_status(IntPtr report, UIntPtr index);
        [LibraryImport(Library)]
        internal static partial byte* zimg_prewarm_report_failure_message(IntPtr report, UIntPtr index,
            UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_prewarm_report_destroy(IntPtr report);
        [LibraryImport(Library)]
        internal static partial int zimg_options_set_pipeline(IntPtr options, PipelineTable* vtable, IntPtr user_data,
            byte* identity, UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_drawing_prompt(IntPtr drawing, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_drawing_negative_prompt(IntPtr drawing, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial uint zimg_drawing_width(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial uint zimg_drawing_height(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial float* zimg_drawing_sigmas(IntPtr drawing, UIntPtr* out_count);
        [LibraryImport(Library)]
        internal static partial float zimg_drawing_guidance(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial float zimg_drawing_guidance_normalization(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial float zimg_drawing_guidance_truncation(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial uint zimg_drawing_seed(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial int zimg_drawing_is_vae_tiled(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial int zimg_drawing_wants_preview(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial int zimg_drawing_is_cancelled(IntPtr drawing);
        [LibraryImport(Library)]
        internal static partial int zimg_drawing_report_progress(IntPtr drawing, uint step, uint steps, IntPtr preview,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_create(IntPtr* out_picture, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_decode(byte* bytes, UIntPtr size, IntPtr* out_picture,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_set_rgb(IntPtr picture, uint width, uint height, byte* rgb,
            UIntPtr size, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_set_stage_ms(IntPtr picture, int stage, double ms, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial uint zimg_picture_width(IntPtr picture);
        [LibraryImport(Library)]
        internal static partial uint zimg_picture_height(IntPtr picture);
        [LibraryImport(Library)]
        internal static partial byte* zimg_picture_rgb(IntPtr picture, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_picture_destroy(IntPtr picture);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_facts_read(byte* bytes, UIntPtr size, IntPtr* out_facts,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_picture_facts_format(IntPtr facts);
        [LibraryImport(Library)]
        internal static partial uint zimg_picture_facts_width(IntPtr facts);
        [LibraryImport(Library)]
        internal static partial uint zimg_picture_facts_height(IntPtr facts);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_picture_facts_text_count(IntPtr facts);
        [LibraryImport(Library)]
        internal static partial byte* zimg_picture_facts_keyword(IntPtr facts, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_picture_facts_text(IntPtr facts, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_picture_facts_destroy(IntPtr facts);
        [LibraryImport(Library)]
        internal static partial int zimg_builtin_model_path(IntPtr* out_path, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_model_convert(byte* path, UIntPtr path_size, byte* @out, UIntPtr out_size,
            int type, IntPtr on_progress, IntPtr user_data, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_model_inspect(byte* path, UIntPtr size, int has_identity,
            IntPtr* out_inspection, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_path(IntPtr inspection, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_name(IntPtr inspection, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_layout(IntPtr inspection, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_identity(IntPtr inspection, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial uint zimg_inspection_width(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial uint zimg_inspection_height(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial uint zimg_inspection_size_step(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial uint zimg_inspection_max_side(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial uint zimg_inspection_steps(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial double zimg_inspection_guidance(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial double zimg_inspection_shift(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_inspection_part_count(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_part_role(IntPtr inspection, UIntPtr part, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_part_dtypes(IntPtr inspection, UIntPtr part, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial ulong zimg_inspection_part_tensors(IntPtr inspection, UIntPtr part);
        [LibraryImport(Library)]
        internal static partial ulong zimg_inspection_part_parameters(IntPtr inspection, UIntPtr part);
        [LibraryImport(Library)]
        internal static partial ulong zimg_inspection_part_bytes(IntPtr inspection, UIntPtr part);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_inspection_part_file_count(IntPtr inspection, UIntPtr part);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_part_file(IntPtr inspection, UIntPtr part, UIntPtr index,
            UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial UIntPtr zimg_inspection_problem_count(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial byte* zimg_inspection_problem(IntPtr inspection, UIntPtr index, UIntPtr* out_size);
        [LibraryImport(Library)]
        internal static partial void zimg_inspection_destroy(IntPtr inspection);
        [LibraryImport(Library)]
        internal static partial int zimg_tokenizer_open(byte* model_path, UIntPtr size, IntPtr* out_tokenizer,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_tokenizer_encode(IntPtr tokenizer, byte* text, UIntPtr size, int is_prompt,
            uint* out_ids, UIntPtr capacity, UIntPtr* out_count, IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial int zimg_tokenizer_piece(IntPtr tokenizer, uint id, IntPtr* out_bytes,
            IntPtr* out_error);
        [LibraryImport(Library)]
        internal static partial void zimg_tokenizer_destroy(IntPtr tokenizer);
    }
}
#endif
