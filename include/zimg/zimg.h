/* zimg in C: draws a picture from a prompt with Z-Image-Turbo and never draws the same picture twice.
 *
 *     zimg_options* options = NULL;  zimg_cache* cache = NULL;  zimg_generator* generator = NULL;
 *     zimg_request* request = NULL;  zimg_result* result = NULL;  zimg_error* error = NULL;
 *     if (zimg_options_create(&options, &error) == ZIMG_STATUS_OK &&
 *         zimg_cache_open("", 0, NULL, &cache, &error) == ZIMG_STATUS_OK &&
 *         zimg_generator_create(options, cache, &generator, &error) == ZIMG_STATUS_OK &&
 *         zimg_request_create(&request, &error) == ZIMG_STATUS_OK &&
 *         zimg_request_set_prompt(request, "a red circle", 12, &error) == ZIMG_STATUS_OK &&
 *         zimg_generator_generate(generator, request, &result, &error) == ZIMG_STATUS_OK) {
 *       size_t size = 0;
 *       const uint8_t* png = zimg_result_bytes(result, &size);
 *       ...
 *     }
 *
 * This header is the whole of the C ABI. docs/c-abi.md has complete examples. What a field means in depth stands in the
 * C++ header of the same subject (request.hpp, cache.hpp ...): both speak of one library.
 *
 * Conventions
 *
 *  1. Errors. A call that can fail returns zimg_status and takes a `zimg_error**` last, which may be NULL. Where it
 *     fails, a new zimg_error is put there (NULL if there is no memory for one); where it succeeds, it is not touched.
 *     The other out-parameters are written on success alone. Nothing thrown crosses this border in either direction.
 *  2. Ownership. What a `_create`, `_open`, `_make`, or an out-parameter of type `T**` gives belongs to the caller, who
 *     gives it to `T_destroy` once. A `_destroy` returns nothing and takes NULL. Handles may be destroyed in any order:
 *     what another handle still needs of one lives on in it. A `const T*` that a function or a callback hands out is a
 *     view: it belongs to the handle that it was asked of, or lives until the callback returns, and is not destroyed.
 *  3. NULL. A required handle, pointer or callback that is NULL is ZIMG_STATUS_INVALID_ARGUMENT. A getter of a NULL
 *     handle answers 0 or NULL, and an index beyond the last does the same. NULL is allowed where it is said to be.
 *  4. Strings are UTF-8 without NUL, a pointer and a length in bytes; the pointer may be NULL where the length is 0.
 *     They are copied before the call returns. Strings that zimg gives out are also ended by a NUL; their length goes
 *     to `out_size`, which may be NULL.
 *  5. Numbers. Sizes are size_t. Truth is an int, 0 or not 0. Enumerations are int32_t with fixed numbers; a number out
 *     of its enumeration is ZIMG_STATUS_INVALID_ARGUMENT. Times are milliseconds, points in time Unix time. Pixels are
 *     interleaved 8-bit RGB, rows from the top.
 *  6. Threads. zimg_generator, zimg_cache, zimg_job and zimg_cancel_token may be used by any threads at once. Their
 *     `_destroy` may be called while other calls are under way, which go on, but none may begin after it. Any other
 *     handle belongs to one thread at a time while it is written; when it is only read, to any number.
 *  7. Callbacks have a `void* user_data`, which zimg only passes on. Those that a setter keeps also have a `release`,
 *     which may be NULL: it is called once, when zimg will not use `user_data` any more, and not at all where the
 *     setter fails. A callback may come from any thread, also after the handle it was set on is gone, until its
 *     `release`. It may call zimg, but for what is named beside it. What it throws is caught and counts as its failure.
 *  8. Structs that the caller fills begin with `struct_size`, the sizeof that the caller was compiled with: shorter
 *     ones (an older header) and longer ones (a newer one) will do. All else is opaque.
 *  9. Forks. In a forked child a handle of the parent may only be destroyed; calls are ZIMG_STATUS_CLOSED.
 * 10. Versions. Each declaration says since which release it is there. In one ABI major, the number after "libzimg.so",
 *     declarations and enumerators are added; none is changed or removed.
 *
 * A handle used after its destroy is undefined, as in any C library; a zimg built with asserts says so and stops. */
#ifndef ZIMG_ZIMG_H
#define ZIMG_ZIMG_H

#include <stddef.h>
#include <stdint.h>

#if defined(ZIMG_STATIC) || !defined(__GNUC__)
#define ZIMG_SINCE_0_1
#else
#define ZIMG_SINCE_0_1 __attribute__((visibility("default")))
#endif

/* Of this header. zimg_abi_version() is that of the library. */
#define ZIMG_ABI_MAJOR 0
#define ZIMG_ABI_MINOR 1

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles ---- */

typedef struct zimg_error zimg_error;               /* why a call failed */
typedef struct zimg_text zimg_text;                 /* text that a call made */
typedef struct zimg_bytes zimg_bytes;               /* immutable octets, shared with whoever else holds them */
typedef struct zimg_options zimg_options;           /* what a generator is made of */
typedef struct zimg_request zimg_request;           /* which picture is wanted */
typedef struct zimg_cancel_token zimg_cancel_token; /* stops the requests and runs that carry it */
typedef struct zimg_generator zimg_generator;       /* answers requests */
typedef struct zimg_job zimg_job;                   /* one request, answered by a thread of its own */
typedef struct zimg_result zimg_result;             /* a delivered picture and its report */
typedef struct zimg_report zimg_report;             /* how a picture came about; a view */
typedef struct zimg_progress zimg_progress;         /* one step of a drawing; a view */
typedef struct zimg_trace_event zimg_trace_event;   /* what happened to a request; a view */
typedef struct zimg_metrics zimg_metrics;           /* what a generator has counted and timed */
typedef struct zimg_key_fields zimg_key_fields;     /* what a picture key is made of */
typedef struct zimg_cache zimg_cache;               /* remembers encoded pictures by key */
typedef struct zimg_policy zimg_policy;             /* which entries stay and which go */
typedef struct zimg_lmdb_options zimg_lmdb_options; /* a store on a disk */
typedef struct zimg_entry zimg_entry;               /* an encoded picture and the facts beside it */
typedef struct zimg_purge_filter zimg_purge_filter; /* which entries to erase */
typedef struct zimg_stats zimg_stats;               /* what a cache holds and did */
typedef struct zimg_tally zimg_tally;               /* counts of a run over many entries or pictures */
typedef struct zimg_prewarm zimg_prewarm;           /* a list of pictures to have ready */
typedef struct zimg_prewarm_report zimg_prewarm_report;
typedef struct zimg_drawing zimg_drawing;             /* what a pipeline is to draw; a view */
typedef struct zimg_picture zimg_picture;             /* pixels */
typedef struct zimg_picture_facts zimg_picture_facts; /* what a picture file says about itself */
typedef struct zimg_inspection zimg_inspection;       /* what was found in a model folder */
typedef struct zimg_tokenizer zimg_tokenizer;         /* how a model reads text */

/* Names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request. A plain value, fixed for ever. */
typedef struct zimg_key {
  uint8_t bytes[32];
} zimg_key;

/* ---- Enumerations ---- */

typedef int32_t zimg_status;
enum {
  ZIMG_STATUS_OK = 0,
  ZIMG_STATUS_INVALID_ARGUMENT = 1, /* the caller's input is wrong; nothing was done */
  ZIMG_STATUS_NOT_FOUND = 2,        /* a file, a name, or (only if cached) a picture that is not there */
  ZIMG_STATUS_BAD_MODEL = 3,        /* a model folder that is incomplete, inconsistent or damaged */
  ZIMG_STATUS_UNSUPPORTED = 4,      /* sound input that this build or machine cannot serve */
  ZIMG_STATUS_OUT_OF_MEMORY = 5,    /* host or device memory would not do */
  ZIMG_STATUS_DEVICE = 6,           /* the device failed, or produced NaN or infinite latents */
  ZIMG_STATUS_IO = 7,               /* the operating system refused a read or write */
  ZIMG_STATUS_CACHE = 8,            /* a cache that the caller addressed directly failed */
  ZIMG_STATUS_CANCELLED = 9,        /* the caller asked to stop */
  ZIMG_STATUS_REFUSED = 10,         /* a keyword list refuses the prompt */
  ZIMG_STATUS_CLOSED = 11,          /* a handle used after close or in a forked child */
  ZIMG_STATUS_INTERNAL = 12         /* a defect of zimg, or a callback that threw */
};

typedef int32_t zimg_match_level; /* how much of a prompt's spelling is folded away */
enum { ZIMG_MATCH_LEVEL_EXACT = 0, ZIMG_MATCH_LEVEL_NORMALIZED = 1, ZIMG_MATCH_LEVEL_LOOSE = 2 };

typedef int32_t zimg_schedule; /* how the step sizes are laid out */
enum { ZIMG_SCHEDULE_LINEAR = 0, ZIMG_SCHEDULE_LEGACY_ZERO_END = 1, ZIMG_SCHEDULE_NATIVE = 2 };

typedef int32_t zimg_cache_mode; /* what a request may do with the cache */
enum {
  ZIMG_CACHE_MODE_NORMAL = 0,         /* found, or drawn and kept */
  ZIMG_CACHE_MODE_BYPASS = 1,         /* drawn: neither found nor kept, nor shared with an equal request */
  ZIMG_CACHE_MODE_REFRESH = 2,        /* drawn, and what was kept is replaced */
  ZIMG_CACHE_MODE_ONLY_IF_CACHED = 3, /* found, or ZIMG_STATUS_NOT_FOUND */
  ZIMG_CACHE_MODE_NO_STORE = 4        /* found, or drawn and not kept */
};

typedef int32_t zimg_image_format;
enum { ZIMG_IMAGE_FORMAT_PNG = 1, ZIMG_IMAGE_FORMAT_JPEG = 2 };

typedef int32_t zimg_device;
enum { ZIMG_DEVICE_AUTO = 0, ZIMG_DEVICE_CPU = 1, ZIMG_DEVICE_CUDA = 2 };

typedef int32_t zimg_precision;
enum { ZIMG_PRECISION_AUTO = 0, ZIMG_PRECISION_FP32 = 1, ZIMG_PRECISION_BF16 = 2, ZIMG_PRECISION_FP16 = 3 };

typedef int32_t zimg_fingerprint; /* what of the machine goes into the key; strict promises bit equality */
enum { ZIMG_FINGERPRINT_PORTABLE = 0, ZIMG_FINGERPRINT_STRICT = 1 };

typedef int32_t zimg_kept; /* what of a drawing is kept: its PNG, or only the format that was asked for */
enum { ZIMG_KEPT_LOSSLESS = 0, ZIMG_KEPT_DELIVERED = 1 };

typedef int32_t zimg_keyword_action; /* what becomes of a prompt that holds a listed word */
enum { ZIMG_KEYWORD_ACTION_NO_STORE = 0, ZIMG_KEYWORD_ACTION_REFUSE = 1, ZIMG_KEYWORD_ACTION_TAG = 2 };

typedef int32_t zimg_outcome;
enum { ZIMG_OUTCOME_HIT = 0, ZIMG_OUTCOME_DRAWN = 1, ZIMG_OUTCOME_JOINED = 2 };

typedef int32_t zimg_stored;
enum { ZIMG_STORED_YES = 0, ZIMG_STORED_NO = 1, ZIMG_STORED_PENDING = 2 };

typedef int32_t zimg_stage; /* where the time of a request went */
enum {
  ZIMG_STAGE_CANONICALIZE = 0, /* folding, defaults, key */
  ZIMG_STAGE_LOOKUP = 1,       /* cache read and its check */
  ZIMG_STAGE_WAIT = 2,         /* for the device, or for another request's drawing */
  ZIMG_STAGE_LOAD = 3,         /* opening the engine and loading weights */
  ZIMG_STAGE_ENCODE_TEXT = 4,
  ZIMG_STAGE_DENOISE = 5,
  ZIMG_STAGE_DECODE = 6,
  ZIMG_STAGE_ENCODE_IMAGE = 7, /* PNG or JPEG, and splicing */
  ZIMG_STAGE_TOTAL = 8
};

typedef int32_t zimg_job_state;
enum { ZIMG_JOB_STATE_CREATED = 0, ZIMG_JOB_STATE_RUNNING = 1, ZIMG_JOB_STATE_DONE = 2 };

typedef int32_t zimg_trace_kind; /* the first five end a request; the others tell what happened on the way */
enum {
  ZIMG_TRACE_KIND_HIT = 0,
  ZIMG_TRACE_KIND_MISS = 1,
  ZIMG_TRACE_KIND_JOINED = 2,
  ZIMG_TRACE_KIND_BYPASSED = 3,
  ZIMG_TRACE_KIND_FAILED = 4,
  ZIMG_TRACE_KIND_EXPIRED = 5,
  ZIMG_TRACE_KIND_INVALIDATED = 6,
  ZIMG_TRACE_KIND_FILTERED = 7,
  ZIMG_TRACE_KIND_EVICTED = 8,
  ZIMG_TRACE_KIND_CORRUPT = 9
};

typedef int32_t zimg_histogram; /* which latencies: of requests by their answer, then of what was done for them */
enum {
  ZIMG_HISTOGRAM_HIT = 0,
  ZIMG_HISTOGRAM_MISS = 1,
  ZIMG_HISTOGRAM_JOINED = 2,
  ZIMG_HISTOGRAM_LOOKUP = 3,
  ZIMG_HISTOGRAM_DRAW = 4,
  ZIMG_HISTOGRAM_STORE = 5
};

typedef int32_t zimg_store_outcome;
enum {
  ZIMG_STORE_OUTCOME_STORED = 0,    /* committed */
  ZIMG_STORE_OUTCOME_TOO_FULL = 1,  /* not kept: there is no room and nothing may be evicted */
  ZIMG_STORE_OUTCOME_TOO_LARGE = 2, /* not kept: larger than the cache would ever hold */
  ZIMG_STORE_OUTCOME_OVER_QUOTA = 3 /* not kept: more than its namespace may take, or room of another's */
};

typedef int32_t zimg_preset;
enum { ZIMG_PRESET_PUBLIC_DEMO = 0, ZIMG_PRESET_PERSONAL = 1, ZIMG_PRESET_BATCH = 2, ZIMG_PRESET_AB_TEST = 3 };

typedef int32_t zimg_prewarm_end;
enum {
  ZIMG_PREWARM_END_ALL_DONE = 0,
  ZIMG_PREWARM_END_PICTURES_SPENT = 1,
  ZIMG_PREWARM_END_SECONDS_SPENT = 2,
  ZIMG_PREWARM_END_BYTES_SPENT = 3,
  ZIMG_PREWARM_END_CANCELLED = 4,
  ZIMG_PREWARM_END_NOT_STORED = 5 /* the cache takes no more, or others filled the queue of stores */
};

typedef int32_t zimg_weight_type;
enum { ZIMG_WEIGHT_TYPE_FP32 = 0, ZIMG_WEIGHT_TYPE_BF16 = 1, ZIMG_WEIGHT_TYPE_FP16 = 2 };

typedef int32_t zimg_feature; /* what a build of the library may have or lack */
enum {
  ZIMG_FEATURE_ENGINE = 0,            /* an engine module was built with it */
  ZIMG_FEATURE_SIMPLIFIED_CHINESE = 1 /* keyword lists take traditional and simplified Chinese as one */
};

/* What the counts of zimg_tally, zimg_stats and zimg_metrics are of. Each has those that its own function names. */
typedef int32_t zimg_count;
enum {
  ZIMG_COUNT_ENTRIES = 0,
  ZIMG_COUNT_PAYLOAD_BYTES = 1,
  ZIMG_COUNT_USED_BYTES = 2, /* of the cache's room, its own bookkeeping included */
  ZIMG_COUNT_CAPACITY_BYTES = 3,
  ZIMG_COUNT_HITS = 4,
  ZIMG_COUNT_MISSES = 5,
  ZIMG_COUNT_STORED = 6,
  ZIMG_COUNT_EVICTED = 7,
  ZIMG_COUNT_EXPIRED = 8,
  ZIMG_COUNT_CORRUPT = 9,   /* failed their check and were erased */
  ZIMG_COUNT_REJECTED = 10, /* stores that were answered with another outcome than stored */
  ZIMG_COUNT_PINNED = 11,
  ZIMG_COUNT_SAVED_BYTES = 12, /* of the payloads that hits delivered */
  ZIMG_COUNT_OLDEST_MS = 13,   /* when the oldest entry was stored; 0 where there is none */
  ZIMG_COUNT_UNREADABLE = 14,  /* written by a newer zimg, or encrypted: left as they are */
  ZIMG_COUNT_LEFT_OUT = 15,    /* damaged, expired or gone by the time they were read */
  ZIMG_COUNT_REFUSED = 16,
  ZIMG_COUNT_READ_BYTES = 17,
  ZIMG_COUNT_FILE_BYTES = 18,
  ZIMG_COUNT_IS_WHOLE = 19, /* 1: the end of the bundle was reached and it holds what it says */
  ZIMG_COUNT_LOST = 20,
  ZIMG_COUNT_TREE_DAMAGES = 21, /* places where the store's own records could not be read */
  ZIMG_COUNT_DISK_BYTES_BEFORE = 22,
  ZIMG_COUNT_DISK_BYTES_AFTER = 23,
  ZIMG_COUNT_JOINED = 24,
  ZIMG_COUNT_BYPASSED = 25,
  ZIMG_COUNT_FAILED = 26,
  ZIMG_COUNT_INVALIDATED = 27,
  ZIMG_COUNT_FILTERED = 28,
  ZIMG_COUNT_DRAWN = 29,
  ZIMG_COUNT_UNSTORED = 30,  /* pictures drawn, and entries in metrics, that are not kept */
  ZIMG_COUNT_LISTED = 31,    /* items in all */
  ZIMG_COUNT_CHECKED = 32,   /* items looked up */
  ZIMG_COUNT_DIFFERENT = 33, /* pictures that the items ask for */
  ZIMG_COUNT_FOUND = 34,     /* there already */
  ZIMG_COUNT_MISSING = 35,   /* known once all are checked */
  ZIMG_COUNT_DONE = 36,      /* drawn or failed, of those that were missing */
  ZIMG_COUNT_LEFT = 37,      /* what another run would draw */
  ZIMG_COUNT_DRAWN_BYTES = 38
};

/* ---- The library ---- */

/* ZIMG_ABI_MAJOR * 65536 + ZIMG_ABI_MINOR of the library that was loaded. */
ZIMG_SINCE_0_1 uint32_t zimg_abi_version(void);
/* "0.1.0": the release of the library that was loaded. */
ZIMG_SINCE_0_1 const char* zimg_version(void);
/* 1 if this build has `feature`, else 0, also for a number that is none. */
ZIMG_SINCE_0_1 int zimg_has_feature(zimg_feature feature);
/* Where the engine module is that a generator made of `options` (NULL: the defaults) would open. Opens nothing.
 * ZIMG_STATUS_UNSUPPORTED names the places where it was not; ZIMG_STATUS_NOT_FOUND an explicit path. */
ZIMG_SINCE_0_1 zimg_status zimg_locate_engine(const zimg_options* options, zimg_text** out_path,
                                              zimg_error** out_error);
/* Names of enumerators, such as "bad_model", "hit", "yes", "all done"; "unknown" for a number that is none. */
ZIMG_SINCE_0_1 const char* zimg_status_name(zimg_status status);
ZIMG_SINCE_0_1 const char* zimg_outcome_name(zimg_outcome outcome);
ZIMG_SINCE_0_1 const char* zimg_stored_name(zimg_stored stored);
ZIMG_SINCE_0_1 const char* zimg_trace_kind_name(zimg_trace_kind kind);
ZIMG_SINCE_0_1 const char* zimg_prewarm_end_name(zimg_prewarm_end end);

/* ---- Errors, text, bytes ---- */

/* For the callbacks of a foreign cache or pipeline, which report their failures as zimg does. NULL when there is no
 * memory, or when `status` is ZIMG_STATUS_OK or none; a `message` that is no UTF-8 is replaced. */
ZIMG_SINCE_0_1 zimg_error* zimg_error_create(zimg_status status, const char* message, size_t size);
ZIMG_SINCE_0_1 zimg_status zimg_error_status(const zimg_error* error);
/* One English sentence that names the file, field or key; never a prompt or a secret. */
ZIMG_SINCE_0_1 const char* zimg_error_message(const zimg_error* error, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_error_destroy(zimg_error* error);

ZIMG_SINCE_0_1 const char* zimg_text_data(const zimg_text* text, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_text_destroy(zimg_text* text);

ZIMG_SINCE_0_1 const uint8_t* zimg_bytes_data(const zimg_bytes* bytes, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_bytes_destroy(zimg_bytes* bytes);

/* ---- Cancel tokens ---- */

ZIMG_SINCE_0_1 zimg_status zimg_cancel_token_create(zimg_cancel_token** out_token, zimg_error** out_error);
/* From any thread, as often as one likes; it stays cancelled. A drawing stops within one denoiser layer. */
ZIMG_SINCE_0_1 void zimg_cancel_token_cancel(zimg_cancel_token* token);
ZIMG_SINCE_0_1 int zimg_cancel_token_is_cancelled(const zimg_cancel_token* token);
ZIMG_SINCE_0_1 void zimg_cancel_token_destroy(zimg_cancel_token* token);

/* ---- Requests: which picture. Setters keep what they are given; the generator refuses what is out of range. ---- */

/* One step of a drawing. It comes from the drawing thread, before the first step and after each. In this and any other
 * callback of a generator, asking the same generator for a picture or a key is ZIMG_STATUS_INVALID_ARGUMENT: it would
 * wait for itself. */
typedef void (*zimg_progress_function)(void* user_data, const zimg_progress* progress);

ZIMG_SINCE_0_1 zimg_status zimg_request_create(zimg_request** out_request, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_request_clone(const zimg_request* request, zimg_request** out_request,
                                              zimg_error** out_error);
/* At most 1 MiB; empty, as at first, is drawn. Only the first 512 tokens reach the model. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_prompt(zimg_request* request, const char* prompt, size_t size,
                                                   zimg_error** out_error);
/* What to steer away from. Live only where guidance is above 0. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_negative_prompt(zimg_request* request, const char* prompt, size_t size,
                                                            zimg_error** out_error);
/* Pixels, multiples of the model's size step. Not set: the model's own (Z-Image 1024x1024, built-in 256x256). */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_size(zimg_request* request, uint32_t width, uint32_t height,
                                                 zimg_error** out_error);
/* 1 to 1000. Not set: the model's own (Turbo and built-in 8, base 50). */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_steps(zimg_request* request, uint32_t steps, zimg_error** out_error);
/* 0 (off) to 100: the usual "CFG scale" less 1. Not set: the model's own (Turbo and built-in 0, base 4). */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_guidance(zimg_request* request, double guidance, zimg_error** out_error);
/* 0 to 100: the reference's cfg_normalization; 0, as at first, is off. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_guidance_normalization(zimg_request* request, double normalization,
                                                                   zimg_error** out_error);
/* 0 to 1: no guidance at steps whose noise level is below 1 less this; 1, as at first: at all steps. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_guidance_truncation(zimg_request* request, double truncation,
                                                                zimg_error** out_error);
/* LINEAR at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_schedule(zimg_request* request, zimg_schedule schedule,
                                                     zimg_error** out_error);
/* 42 at first. The low 32 bits are what the noise reads. Takes back zimg_request_set_random_seed(). */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_seed(zimg_request* request, uint64_t seed, zimg_error** out_error);
/* A fresh seed at each asking: never a hit, never joined. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_random_seed(zimg_request* request, int is_random, zimg_error** out_error);
/* Decode in overlapping tiles: less memory, other pixels, so another key. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_vae_tiling(zimg_request* request, int is_tiled, zimg_error** out_error);
/* NORMALIZED at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_match_level(zimg_request* request, zimg_match_level level,
                                                        zimg_error** out_error);
/* 1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture. "default" at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_namespace(zimg_request* request, const char* name, size_t size,
                                                      zimg_error** out_error);
/* PNG at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_format(zimg_request* request, zimg_image_format format,
                                                   zimg_error** out_error);
/* 1 to 100, read for JPEG only; 90 at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_jpeg_quality(zimg_request* request, int32_t quality,
                                                         zimg_error** out_error);
/* Write the canonical request into the delivered file's text chunks. Off at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_splice_parameters(zimg_request* request, int is_spliced,
                                                              zimg_error** out_error);
/* NORMAL at first. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_cache_mode(zimg_request* request, zimg_cache_mode mode,
                                                       zimg_error** out_error);
/* How long the picture is kept once stored, in milliseconds: 1 ms to 100 years. Not set: the cache's rule for the
 * namespace; without one, until it is evicted. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_ttl_ms(zimg_request* request, int64_t ttl_ms, zimg_error** out_error);
/* 0 to less than 1: the share of it that chance may take off. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_ttl_jitter(zimg_request* request, double jitter, zimg_error** out_error);
/* At most 255 bytes, kept beside the picture, for purging by it. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_tag(zimg_request* request, const char* tag, size_t size,
                                                zimg_error** out_error);
/* Never evicted for room; it expires all the same. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_pin(zimg_request* request, int is_pinned, zimg_error** out_error);
/* Make a small preview after each step but the last, which costs a few milliseconds. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_preview(zimg_request* request, int is_wanted, zimg_error** out_error);
/* `on_progress` may be NULL, to have none any more. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_progress(zimg_request* request, zimg_progress_function on_progress,
                                                     void* user_data, void (*release)(void* user_data),
                                                     zimg_error** out_error);
/* In place of the one before. NULL is refused: a token is taken away by setting a new one, which nobody cancels. */
ZIMG_SINCE_0_1 zimg_status zimg_request_set_cancel_token(zimg_request* request, const zimg_cancel_token* token,
                                                         zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_request_destroy(zimg_request* request);

ZIMG_SINCE_0_1 uint32_t zimg_progress_step(const zimg_progress* progress);  /* steps finished */
ZIMG_SINCE_0_1 uint32_t zimg_progress_steps(const zimg_progress* progress); /* in all */
/* Pixels of the preview; NULL where there is none. The last three may be NULL. */
ZIMG_SINCE_0_1 const uint8_t* zimg_progress_preview(const zimg_progress* progress, uint32_t* out_width,
                                                    uint32_t* out_height, size_t* out_size);

/* ---- Options: what a generator is made of ---- */

/* One event at a time for each request, but from several threads for several. */
typedef void (*zimg_trace_function)(void* user_data, const zimg_trace_event* event);
typedef void (*zimg_bytes_progress_function)(void* user_data, uint64_t done_bytes, uint64_t total_bytes);

ZIMG_SINCE_0_1 zimg_status zimg_options_create(zimg_options** out_options, zimg_error** out_error);
/* The cache to open where none is handed over, as zimg_cache_open() reads it. One that cannot be opened is a warning in
 * each report, unless it is required. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_cache_url(zimg_options* options, const char* url, size_t size,
                                                      zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_options_set_requires_cache(zimg_options* options, int is_required,
                                                           zimg_error** out_error);
/* A model folder; empty, as at first, is the built-in model. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_model(zimg_options* options, const char* path, size_t size,
                                                  zimg_error** out_error);
/* AUTO at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_device(zimg_options* options, zimg_device device, zimg_error** out_error);
/* AUTO at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_precision(zimg_options* options, zimg_precision precision,
                                                      zimg_error** out_error);
/* CPU threads of a drawing, at most 1024; 0, as at first, is one per core. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_threads(zimg_options* options, uint32_t threads, zimg_error** out_error);
/* PORTABLE at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_fingerprint(zimg_options* options, zimg_fingerprint fingerprint,
                                                        zimg_error** out_error);
/* The engine module; empty: beside libzimg, in ../lib from there, then the configured libdir. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_engine_path(zimg_options* options, const char* path, size_t size,
                                                        zimg_error** out_error);
/* A libtorch folder; empty: $ZIMG_TORCH, then the engine's own RUNPATH. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_torch_path(zimg_options* options, const char* path, size_t size,
                                                       zimg_error** out_error);
/* A file of words that mean the same, for ZIMG_MATCH_LEVEL_LOOSE; empty is none. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_synonyms(zimg_options* options, const char* path, size_t size,
                                                     zimg_error** out_error);
/* The keys of the namespace become HMAC-SHA-256 under the secret. Never stored, never printed. */
ZIMG_SINCE_0_1 zimg_status zimg_options_add_namespace_secret(zimg_options* options, const char* name, size_t name_size,
                                                             const void* secret, size_t secret_size,
                                                             zimg_error** out_error);
/* LOSSLESS at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_kept(zimg_options* options, zimg_kept kept, zimg_error** out_error);
/* Drawings side by side, at least 1; more serves a foreign pipeline. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_drawings_at_once(zimg_options* options, uint32_t drawings,
                                                             zimg_error** out_error);
/* How long another process drawing the same is waited for, or three drawings if that is longer; 30000 at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_patience_ms(zimg_options* options, uint32_t patience_ms,
                                                        zimg_error** out_error);
/* How many drawn pictures may wait to be written, at least 1; 16 at first. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_pending_stores(zimg_options* options, uint32_t stores,
                                                           zimg_error** out_error);
/* `action` TAG takes a `tag`; the others an empty one. */
ZIMG_SINCE_0_1 zimg_status zimg_options_add_keywords(zimg_options* options, const char* path, size_t path_size,
                                                     zimg_keyword_action action, const char* tag, size_t tag_size,
                                                     zimg_error** out_error);
/* `on_event` may be NULL. Events hold the prompt only where `has_prompts` is not 0. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_trace(zimg_options* options, zimg_trace_function on_event, void* user_data,
                                                  void (*release)(void* user_data), int has_prompts,
                                                  zimg_error** out_error);
/* Told while a model's files are hashed, which takes as long as reading them does, once. `on_hashing` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_hashing_progress(zimg_options* options,
                                                             zimg_bytes_progress_function on_hashing, void* user_data,
                                                             void (*release)(void* user_data), zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_options_destroy(zimg_options* options);

/* ---- Generators ---- */

/* Reads the model's configs; opens neither weights nor engine. `cache` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_generator_create(const zimg_options* options, zimg_cache* cache,
                                                 zimg_generator** out_generator, zimg_error** out_error);
/* Blocks until the picture is there. */
ZIMG_SINCE_0_1 zimg_status zimg_generator_generate(zimg_generator* generator, const zimg_request* request,
                                                   zimg_result** out_result, zimg_error** out_error);
/* The picture key, without drawing. The first on a machine with these options, environment and libtorch opens the
 * engine, to learn its profile. */
ZIMG_SINCE_0_1 zimg_status zimg_generator_key(zimg_generator* generator, const zimg_request* request, zimg_key* out_key,
                                              zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_generator_explain_key(zimg_generator* generator, const zimg_request* request,
                                                      zimg_key_fields** out_fields, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_generator_metrics(zimg_generator* generator, zimg_metrics** out_metrics,
                                                  zimg_error** out_error);
/* Waits until every pending store has committed or failed. */
ZIMG_SINCE_0_1 zimg_status zimg_generator_drain(zimg_generator* generator, zimg_error** out_error);
ZIMG_SINCE_0_1 const char* zimg_generator_model_name(const zimg_generator* generator, size_t* out_size);
ZIMG_SINCE_0_1 int zimg_generator_is_builtin_model(const zimg_generator* generator);
/* Calls in flight and jobs go on; with the last of them, or here, pending stores are waited for. */
ZIMG_SINCE_0_1 void zimg_generator_destroy(zimg_generator* generator);

/* ---- Jobs: one request on a thread of its own ---- */

/* Called once by the job's thread when the job is done. It may destroy the job. */
typedef void (*zimg_job_function)(void* user_data, zimg_job* job);

/* Copies the request. Nothing runs before zimg_job_start(). */
ZIMG_SINCE_0_1 zimg_status zimg_job_create(zimg_generator* generator, const zimg_request* request, zimg_job** out_job,
                                           zimg_error** out_error);
/* Before zimg_job_start(); ZIMG_STATUS_INVALID_ARGUMENT after it. */
ZIMG_SINCE_0_1 zimg_status zimg_job_set_done(zimg_job* job, zimg_job_function on_done, void* user_data,
                                             void (*release)(void* user_data), zimg_error** out_error);
/* Once; ZIMG_STATUS_INVALID_ARGUMENT the second time. */
ZIMG_SINCE_0_1 zimg_status zimg_job_start(zimg_job* job, zimg_error** out_error);
/* How far it is. Never waits. */
ZIMG_SINCE_0_1 zimg_job_state zimg_job_poll(const zimg_job* job);
/* Waits until the job is done, at most `timeout_ms`; below 0 is without end. `out_is_done`, which may be NULL, becomes
 * 0 where the time ran out. Not for a job that was not started, nor in a callback of the job's generator. */
ZIMG_SINCE_0_1 zimg_status zimg_job_wait(zimg_job* job, int64_t timeout_ms, int* out_is_done, zimg_error** out_error);
/* From any thread, at any time, as often as one likes. A job that is cancelled before its start is done at once when it
 * starts; one that is done stays as it is. Other users of the request's token go on. */
ZIMG_SINCE_0_1 void zimg_job_cancel(zimg_job* job);
/* The newest step; 0 of 0 before the first. The out-parameters may be NULL. */
ZIMG_SINCE_0_1 void zimg_job_progress(const zimg_job* job, uint32_t* out_step, uint32_t* out_steps);
/* The newest preview; ZIMG_STATUS_NOT_FOUND where there is none yet. */
ZIMG_SINCE_0_1 zimg_status zimg_job_preview(const zimg_job* job, zimg_picture** out_picture, zimg_error** out_error);
/* The answer, or the error, that zimg_generator_generate() would have given; as often as one likes.
 * ZIMG_STATUS_INVALID_ARGUMENT where the job is not done. */
ZIMG_SINCE_0_1 zimg_status zimg_job_result(const zimg_job* job, zimg_result** out_result, zimg_error** out_error);
/* Cancels and waits for the job's thread; in a callback it returns at once and another thread does the waiting. */
ZIMG_SINCE_0_1 void zimg_job_destroy(zimg_job* job);

/* ---- Results and reports ---- */

/* The encoded picture, as long as the result lives. */
ZIMG_SINCE_0_1 const uint8_t* zimg_result_bytes(const zimg_result* result, size_t* out_size);
/* The same octets, not copied, for longer than the result lives. */
ZIMG_SINCE_0_1 zimg_status zimg_result_share_bytes(const zimg_result* result, zimg_bytes** out_bytes,
                                                   zimg_error** out_error);
/* Copies the encoded picture to `buffer`; ZIMG_STATUS_INVALID_ARGUMENT where `capacity` is less than its size. */
ZIMG_SINCE_0_1 zimg_status zimg_result_copy_bytes(const zimg_result* result, void* buffer, size_t capacity,
                                                  zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_image_format zimg_result_format(const zimg_result* result);
ZIMG_SINCE_0_1 uint32_t zimg_result_width(const zimg_result* result);
ZIMG_SINCE_0_1 uint32_t zimg_result_height(const zimg_result* result);
ZIMG_SINCE_0_1 const zimg_report* zimg_result_report(const zimg_result* result);
/* Brings what the report says about storing up to date; final after zimg_generator_drain(). It may move what
 * zimg_report_store_note() gave. */
ZIMG_SINCE_0_1 zimg_status zimg_result_refresh_stored(zimg_result* result, zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_result_destroy(zimg_result* result);

ZIMG_SINCE_0_1 zimg_outcome zimg_report_outcome(const zimg_report* report);
ZIMG_SINCE_0_1 int zimg_report_is_hit(const zimg_report* report);
ZIMG_SINCE_0_1 const zimg_key* zimg_report_key(const zimg_report* report);
ZIMG_SINCE_0_1 zimg_stored zimg_report_stored(const zimg_report* report);
/* Why it was not stored, one sentence; empty otherwise. */
ZIMG_SINCE_0_1 const char* zimg_report_store_note(const zimg_report* report, size_t* out_size);
/* A cache that could not be used, a flat picture: one sentence each. */
ZIMG_SINCE_0_1 size_t zimg_report_warning_count(const zimg_report* report);
ZIMG_SINCE_0_1 const char* zimg_report_warning(const zimg_report* report, size_t index, size_t* out_size);
/* What was folded before key and model saw it, one phrase each. */
ZIMG_SINCE_0_1 size_t zimg_report_folded_count(const zimg_report* report);
ZIMG_SINCE_0_1 const char* zimg_report_folded(const zimg_report* report, size_t index, size_t* out_size);
/* Tags of the keyword lists that tag. */
ZIMG_SINCE_0_1 size_t zimg_report_tag_count(const zimg_report* report);
ZIMG_SINCE_0_1 const char* zimg_report_tag(const zimg_report* report, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 int zimg_report_is_converted(const zimg_report* report); /* a hit made from the stored PNG */
ZIMG_SINCE_0_1 int zimg_report_is_filtered(const zimg_report* report);  /* a keyword list names a word of the prompt */
ZIMG_SINCE_0_1 int zimg_report_is_flat(const zimg_report* report);      /* one colour: delivered, never stored */
ZIMG_SINCE_0_1 uint32_t zimg_report_seed(const zimg_report* report);    /* as drawn */
ZIMG_SINCE_0_1 uint32_t zimg_report_steps(const zimg_report* report);
ZIMG_SINCE_0_1 double zimg_report_guidance(const zimg_report* report);
ZIMG_SINCE_0_1 const char* zimg_report_model(const zimg_report* report, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_report_namespace(const zimg_report* report, size_t* out_size);
/* 64 hexadecimal digits, of the picture as stored, before parameters are spliced in. */
ZIMG_SINCE_0_1 const char* zimg_report_payload_sha256(const zimg_report* report, size_t* out_size);
/* Milliseconds; 0 for a stage that did not run. */
ZIMG_SINCE_0_1 double zimg_report_stage_ms(const zimg_report* report, zimg_stage stage);

/* ---- Keys ---- */

/* 64 hexadecimal digits of either case. */
ZIMG_SINCE_0_1 zimg_status zimg_key_from_hex(const char* hex, size_t size, zimg_key* out_key, zimg_error** out_error);
/* Writes 64 lower-case digits and a NUL, so `capacity` is 65 at least. */
ZIMG_SINCE_0_1 zimg_status zimg_key_to_hex(const zimg_key* key, char* out_hex, size_t capacity, zimg_error** out_error);

ZIMG_SINCE_0_1 size_t zimg_key_fields_count(const zimg_key_fields* fields);
ZIMG_SINCE_0_1 uint16_t zimg_key_fields_tag(const zimg_key_fields* fields, size_t index);
ZIMG_SINCE_0_1 const char* zimg_key_fields_name(const zimg_key_fields* fields, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_key_fields_value(const zimg_key_fields* fields, size_t index, size_t* out_size);
/* 0: shown for completeness, not in the key. */
ZIMG_SINCE_0_1 int zimg_key_fields_is_live(const zimg_key_fields* fields, size_t index);
ZIMG_SINCE_0_1 void zimg_key_fields_destroy(zimg_key_fields* fields);

/* The key of a published article, bit for bit, and the text that it is the SHA-256 of. `config` is a JSON object with
 * resolution, steps, cfg_scale and model_version. See article_key.hpp. */
ZIMG_SINCE_0_1 zimg_status zimg_article_key(const char* prompt, size_t prompt_size, const char* negative_prompt,
                                            size_t negative_size, const char* config, size_t config_size,
                                            zimg_key* out_key, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_article_text(const char* prompt, size_t prompt_size, const char* negative_prompt,
                                             size_t negative_size, const char* config, size_t config_size,
                                             zimg_text** out_text, zimg_error** out_error);
/* The same for one JSON object with prompt, negative_prompt (absent is empty) and config. */
ZIMG_SINCE_0_1 zimg_status zimg_article_key_of_json(const char* json, size_t size, zimg_key* out_key,
                                                    zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_article_text_of_json(const char* json, size_t size, zimg_text** out_text,
                                                     zimg_error** out_error);

/* ---- Metrics and traces ---- */

/* HITS MISSES JOINED BYPASSED FAILED EXPIRED INVALIDATED FILTERED EVICTED CORRUPT DRAWN STORED UNSTORED SAVED_BYTES. */
ZIMG_SINCE_0_1 uint64_t zimg_metrics_count(const zimg_metrics* metrics, zimg_count count);
ZIMG_SINCE_0_1 double zimg_metrics_hit_rate(const zimg_metrics* metrics); /* hits / (hits + misses) */
ZIMG_SINCE_0_1 double zimg_metrics_saved_ms(const zimg_metrics* metrics); /* what drawing the hits would have taken */
/* How many latencies fell into bucket `index`: above the bound before and at most its own, zimg_histogram_bound_ms();
 * the last bucket, at zimg_histogram_bound_count(), holds what is longer than every bound. */
ZIMG_SINCE_0_1 size_t zimg_histogram_bound_count(void);
ZIMG_SINCE_0_1 double zimg_histogram_bound_ms(size_t index);
ZIMG_SINCE_0_1 uint64_t zimg_metrics_bucket(const zimg_metrics* metrics, zimg_histogram histogram, size_t index);
ZIMG_SINCE_0_1 double zimg_metrics_sum_ms(const zimg_metrics* metrics, zimg_histogram histogram);
/* What the share `quantile` (0 to 1) of the latencies stayed below. */
ZIMG_SINCE_0_1 double zimg_metrics_quantile_ms(const zimg_metrics* metrics, zimg_histogram histogram, double quantile);
/* All of them in the text format of Prometheus, version 0.0.4. */
ZIMG_SINCE_0_1 zimg_status zimg_metrics_prometheus(const zimg_metrics* metrics, zimg_text** out_text,
                                                   zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_metrics_destroy(zimg_metrics* metrics);

ZIMG_SINCE_0_1 zimg_trace_kind zimg_trace_event_kind(const zimg_trace_event* event);
ZIMG_SINCE_0_1 int64_t zimg_trace_event_at_ms(const zimg_trace_event* event);
/* The first 12 hexadecimal digits; empty where the request failed before it had a key. */
ZIMG_SINCE_0_1 const char* zimg_trace_event_key_prefix(const zimg_trace_event* event, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_trace_event_namespace(const zimg_trace_event* event, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_trace_event_reason(const zimg_trace_event* event, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_trace_event_prompt(const zimg_trace_event* event, size_t* out_size);
ZIMG_SINCE_0_1 double zimg_trace_event_stage_ms(const zimg_trace_event* event, zimg_stage stage);
/* The event as one JSON object on one line. */
ZIMG_SINCE_0_1 zimg_status zimg_trace_event_json(const zimg_trace_event* event, zimg_text** out_text,
                                                 zimg_error** out_error);

/* ---- Policies, presets, options of stores ---- */

typedef void (*zimg_warning_function)(void* user_data, const char* warning, size_t size);
typedef int64_t (*zimg_clock_function)(void* user_data);

ZIMG_SINCE_0_1 zimg_status zimg_policy_create(zimg_policy** out_policy, zimg_error** out_error);
/* "*" is the rule of each namespace that has none of its own. 0 is no limit, no reserve, no time to live, which is 100
 * years at most. */
ZIMG_SINCE_0_1 zimg_status zimg_policy_add_namespace(zimg_policy* policy, const char* name, size_t size,
                                                     uint64_t limit_bytes, uint64_t reserved_bytes, int64_t ttl_ms,
                                                     zimg_error** out_error);
/* The pictures of the namespace are encrypted (AES-256-GCM) under the secret by a store on a disk, where the cache URL
 * says "encrypt=1" or where zimg_lmdb_options_set_policy() gives it the policy; by no other cache. */
ZIMG_SINCE_0_1 zimg_status zimg_policy_add_namespace_secret(zimg_policy* policy, const char* name, size_t name_size,
                                                            const void* secret, size_t secret_size,
                                                            zimg_error** out_error);
/* 0, as at first, to 1: the share of a rule's time to live that chance may take off. */
ZIMG_SINCE_0_1 zimg_status zimg_policy_set_ttl_jitter(zimg_policy* policy, double jitter, zimg_error** out_error);
/* Not 0, as at first: what saves the fewest seconds for a byte goes first. 0: the least recently used, or the oldest.
 */
ZIMG_SINCE_0_1 zimg_status zimg_policy_set_weighs_entries(zimg_policy* policy, int is_weighing, zimg_error** out_error);
/* Milliseconds of Unix time, from any thread; NULL is the system's clock. It must not call the cache. A request's own
 * time to live is reckoned by the system's clock in any case. */
ZIMG_SINCE_0_1 zimg_status zimg_policy_set_clock(zimg_policy* policy, zimg_clock_function now_ms, void* user_data,
                                                 void (*release)(void* user_data), zimg_error** out_error);
/* Called when a store fills the cache beyond 80 %, and again only after one that left it below 70 %. It must not call
 * the cache, nor ask a generator for a picture. May be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_policy_set_warning(zimg_policy* policy, zimg_warning_function on_warning,
                                                   void* user_data, void (*release)(void* user_data),
                                                   zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_policy_destroy(zimg_policy* policy);

/* "public-demo", "personal", "batch", "ab-test"; ZIMG_STATUS_NOT_FOUND for another name. */
ZIMG_SINCE_0_1 zimg_status zimg_preset_named(const char* name, size_t size, zimg_preset* out_preset,
                                             zimg_error** out_error);
/* Sets the namespace of `request` and gives it its rule in `policy`. `user` is who asks, for PERSONAL; else empty. */
ZIMG_SINCE_0_1 zimg_status zimg_preset_apply(zimg_preset preset, const char* user, size_t user_size,
                                             zimg_request* request, zimg_policy* policy, zimg_error** out_error);

ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_create(zimg_lmdb_options** out_options, zimg_error** out_error);
/* What a cache URL "lmdb:...", or the empty one, names. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_from_url(const char* url, size_t size, zimg_lmdb_options** out_options,
                                                      zimg_error** out_error);
/* A folder, created 0700 with its parents when absent. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_set_path(zimg_lmdb_options* options, const char* path, size_t size,
                                                      zimg_error** out_error);
/* 4 MiB to 16 TiB, rounded down to a multiple of 65,536; 0, as at first: the store's own, or for a new one the smaller
 * of 10 GiB and 10 % of the free disk. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_set_capacity_bytes(zimg_lmdb_options* options, uint64_t bytes,
                                                                zimg_error** out_error);
/* How long a writer may wait for another process; 100 at first. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_set_lock_timeout_ms(zimg_lmdb_options* options, uint32_t timeout_ms,
                                                                 zimg_error** out_error);
/* Not 0: also on a network file system, where LMDB's locks do not hold across machines; 0, as at first, refuses it. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_set_allow_network(zimg_lmdb_options* options, int is_allowed,
                                                               zimg_error** out_error);
/* The policy's secrets are added to those of the options, as zimg_lmdb_options_add_namespace_secret() does. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_set_policy(zimg_lmdb_options* options, const zimg_policy* policy,
                                                        zimg_error** out_error);
/* The pictures of the namespace are encrypted (AES-256-GCM) under the secret. Of two for one namespace, the last is. */
ZIMG_SINCE_0_1 zimg_status zimg_lmdb_options_add_namespace_secret(zimg_lmdb_options* options, const char* name,
                                                                  size_t name_size, const void* secret,
                                                                  size_t secret_size, zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_lmdb_options_destroy(zimg_lmdb_options* options);

/* ---- Caches ---- */

/* Looks at one entry; its payload is not read. What the answer means is said beside each use. */
typedef int (*zimg_entry_function)(void* user_data, const zimg_key* key, const zimg_entry* entry,
                                   uint64_t payload_bytes);
/* How far a run is. Not 0 goes on, 0 stops: the run ends with ZIMG_STATUS_CANCELLED. */
typedef int (*zimg_tally_function)(void* user_data, const zimg_tally* so_far);

/* "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", "none:" (which gives NULL), or a tier of two joined by
 * a comma. Empty is the store at its default place. `policy` may be NULL. "lmdb:PATH?encrypt=1" needs its secrets. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_open(const char* url, size_t size, const zimg_policy* policy,
                                           zimg_cache** out_cache, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_cache_open_lmdb(const zimg_lmdb_options* options, zimg_cache** out_cache,
                                                zimg_error** out_error);
/* A cache of this process, gone with it. `capacity_bytes` counts payloads; `policy` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_make_memory(uint64_t capacity_bytes, const zimg_policy* policy,
                                                  zimg_cache** out_cache, zimg_error** out_error);
/* `upper`, small and fast, before `lower`, large and lasting. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_make_tier(zimg_cache* upper, zimg_cache* lower, zimg_cache** out_cache,
                                                zimg_error** out_error);
/* Where zimg_cache_open() with an empty URL keeps its pictures. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_default_path(zimg_text** out_path, zimg_error** out_error);
/* The entry under `key`; success with NULL where there is none. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_find(zimg_cache* cache, const zimg_key* key, zimg_entry** out_entry,
                                           zimg_error** out_error);
/* As find, but counted nowhere. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_peek(zimg_cache* cache, const zimg_key* key, zimg_entry** out_entry,
                                           zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_cache_contains(zimg_cache* cache, const zimg_key* key, int* out_is_there,
                                               zimg_error** out_error);
/* Keeps `entry`, which has a payload, replacing what was there. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_store(zimg_cache* cache, const zimg_key* key, const zimg_entry* entry,
                                            zimg_store_outcome* out_outcome, zimg_error** out_error);
/* `count` of them, committed together by a cache on a disk; an entry that fails a limit fails all. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_store_all(zimg_cache* cache, const zimg_key* keys,
                                                const zimg_entry* const* entries, size_t count,
                                                zimg_store_outcome* out_outcomes, zimg_error** out_error);
/* The out-parameters of the next two may be NULL; they become 0 where there was no such entry. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_erase(zimg_cache* cache, const zimg_key* key, int* out_was_there,
                                            zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_cache_pin(zimg_cache* cache, const zimg_key* key, int is_pinned, int* out_is_there,
                                          zimg_error** out_error);
/* Calls `visit` for each entry in key order until it returns 0. It may call the cache. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_list(zimg_cache* cache, zimg_entry_function visit, void* user_data,
                                           zimg_error** out_error);
/* Erases the entries for which `match` returns not 0. It must not call the cache. `out_erased` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_erase_if(zimg_cache* cache, zimg_entry_function match, void* user_data,
                                               uint64_t* out_erased, zimg_error** out_error);
/* Erases what fits `filter`. `out_erased` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_purge(zimg_cache* cache, const zimg_purge_filter* filter, uint64_t* out_erased,
                                            zimg_error** out_error);
/* Reads every entry and erases those whose SHA-256 is wrong. ENTRIES PAYLOAD_BYTES CORRUPT UNREADABLE LISTED (in
 * all; 0 where unknown) TREE_DAMAGES (not 0: only zimg_store_rebuild() makes the store whole). `on_progress` may be
 * NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_verify(zimg_cache* cache, zimg_tally_function on_progress, void* user_data,
                                             zimg_tally** out_tally, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_cache_stats(zimg_cache* cache, zimg_stats** out_stats, zimg_error** out_error);
/* What a person would call it. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_description(const zimg_cache* cache, zimg_text** out_text,
                                                  zimg_error** out_error);
/* Waits for the calls in flight and gives up what the cache holds open; later calls are ZIMG_STATUS_CLOSED. Not in a
 * function of a cache's vtable, nor in a callback of a call to a cache, which would wait for itself. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_close(zimg_cache* cache, zimg_error** out_error);
/* Gives up this handle; the cache closes with the last generator, job or tier that uses it. */
ZIMG_SINCE_0_1 void zimg_cache_destroy(zimg_cache* cache);

/* Fits every entry until something is set; then those that fit all that is set. */
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_create(zimg_purge_filter** out_filter, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_namespace(zimg_purge_filter* filter, const char* name, size_t size,
                                                           zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_model(zimg_purge_filter* filter, const char* name, size_t size,
                                                       zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_tag(zimg_purge_filter* filter, const char* tag, size_t size,
                                                     zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_stored_before_ms(zimg_purge_filter* filter, int64_t time_ms,
                                                                  zimg_error** out_error);
/* Hexadecimal digits that the key begins with. */
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_key_prefix(zimg_purge_filter* filter, const char* digits, size_t size,
                                                            zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_purge_filter_set_spares_pinned(zimg_purge_filter* filter, int is_sparing,
                                                               zimg_error** out_error);
ZIMG_SINCE_0_1 int zimg_purge_filter_matches(const zimg_purge_filter* filter, const zimg_key* key,
                                             const zimg_entry* entry);
ZIMG_SINCE_0_1 void zimg_purge_filter_destroy(zimg_purge_filter* filter);

/* ---- Entries ---- */

ZIMG_SINCE_0_1 zimg_status zimg_entry_create(zimg_entry** out_entry, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_clone(const zimg_entry* entry, zimg_entry** out_entry, zimg_error** out_error);
/* The encoded picture, copied. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_payload(zimg_entry* entry, const void* payload, size_t size,
                                                  zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_format(zimg_entry* entry, zimg_image_format format, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_size(zimg_entry* entry, uint32_t width, uint32_t height,
                                               zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_seed(zimg_entry* entry, uint32_t seed, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_steps(zimg_entry* entry, uint32_t steps, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_guidance(zimg_entry* entry, double guidance, zimg_error** out_error);
/* What drawing it again would cost. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_draw_ms(zimg_entry* entry, double draw_ms, zimg_error** out_error);
/* Unix time; 0, as at first, lets the cache set it. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_stored_at_ms(zimg_entry* entry, int64_t time_ms, zimg_error** out_error);
/* Unix time; 0, as at first, is never. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_expires_at_ms(zimg_entry* entry, int64_t time_ms, zimg_error** out_error);
/* The longest that a store takes: a namespace of 64 bytes, a model's name and a tag of 255. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_namespace(zimg_entry* entry, const char* name, size_t size,
                                                    zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_model(zimg_entry* entry, const char* name, size_t size,
                                                zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_tag(zimg_entry* entry, const char* tag, size_t size, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_pinned(zimg_entry* entry, int is_pinned, zimg_error** out_error);
/* 32 bytes, the SHA-256 of the payload; all zero, as at first, lets the cache compute it. */
ZIMG_SINCE_0_1 zimg_status zimg_entry_set_payload_sha256(zimg_entry* entry, const uint8_t* digest, size_t size,
                                                         zimg_error** out_error);
/* NULL where the payload was not read. */
ZIMG_SINCE_0_1 const uint8_t* zimg_entry_payload(const zimg_entry* entry, size_t* out_size);
ZIMG_SINCE_0_1 zimg_image_format zimg_entry_format(const zimg_entry* entry);
ZIMG_SINCE_0_1 uint32_t zimg_entry_width(const zimg_entry* entry);
ZIMG_SINCE_0_1 uint32_t zimg_entry_height(const zimg_entry* entry);
ZIMG_SINCE_0_1 uint32_t zimg_entry_seed(const zimg_entry* entry);
ZIMG_SINCE_0_1 uint32_t zimg_entry_steps(const zimg_entry* entry);
ZIMG_SINCE_0_1 double zimg_entry_guidance(const zimg_entry* entry);
ZIMG_SINCE_0_1 double zimg_entry_draw_ms(const zimg_entry* entry);
ZIMG_SINCE_0_1 int64_t zimg_entry_stored_at_ms(const zimg_entry* entry);
ZIMG_SINCE_0_1 int64_t zimg_entry_expires_at_ms(const zimg_entry* entry);
ZIMG_SINCE_0_1 const char* zimg_entry_namespace(const zimg_entry* entry, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_entry_model(const zimg_entry* entry, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_entry_tag(const zimg_entry* entry, size_t* out_size);
ZIMG_SINCE_0_1 int zimg_entry_is_pinned(const zimg_entry* entry);
/* 32 bytes. */
ZIMG_SINCE_0_1 const uint8_t* zimg_entry_payload_sha256(const zimg_entry* entry);
ZIMG_SINCE_0_1 void zimg_entry_destroy(zimg_entry* entry);

/* ---- Tallies and stats ---- */

/* 0 for what the run does not count. */
ZIMG_SINCE_0_1 uint64_t zimg_tally_count(const zimg_tally* tally, zimg_count count);
ZIMG_SINCE_0_1 void zimg_tally_destroy(zimg_tally* tally);

/* ENTRIES PAYLOAD_BYTES USED_BYTES CAPACITY_BYTES HITS MISSES STORED EVICTED EXPIRED CORRUPT REJECTED SAVED_BYTES
 * OLDEST_MS, of all processes that used the cache. */
ZIMG_SINCE_0_1 uint64_t zimg_stats_count(const zimg_stats* stats, zimg_count count);
ZIMG_SINCE_0_1 double zimg_stats_saved_ms(const zimg_stats* stats);
ZIMG_SINCE_0_1 double zimg_stats_hit_rate(const zimg_stats* stats);
/* What a cache of another size would do: half, the same and double the room for payloads, which on a disk is 85 % of
 * CAPACITY_BYTES; none before the first lookup. */
ZIMG_SINCE_0_1 size_t zimg_stats_point_count(const zimg_stats* stats);
ZIMG_SINCE_0_1 uint64_t zimg_stats_point_bytes(const zimg_stats* stats, size_t index);
ZIMG_SINCE_0_1 double zimg_stats_point_hit_rate(const zimg_stats* stats, size_t index);
/* The part of each namespace, in the order of their names: ENTRIES PAYLOAD_BYTES PINNED OLDEST_MS HITS STORED EVICTED
 * SAVED_BYTES. */
ZIMG_SINCE_0_1 size_t zimg_stats_namespace_count(const zimg_stats* stats);
ZIMG_SINCE_0_1 const char* zimg_stats_namespace_name(const zimg_stats* stats, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 uint64_t zimg_stats_namespace_value(const zimg_stats* stats, size_t index, zimg_count count);
ZIMG_SINCE_0_1 double zimg_stats_namespace_saved_ms(const zimg_stats* stats, size_t index);
/* For the `stats` of a foreign cache: one of the counts of zimg_stats_count(). */
ZIMG_SINCE_0_1 zimg_status zimg_stats_set_count(zimg_stats* stats, zimg_count count, uint64_t value,
                                                zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_stats_destroy(zimg_stats* stats);

/* ---- Foreign caches ---- */

/* A cache of the caller's own. Each function is called from any thread at any time, returns ZIMG_STATUS_OK or another
 * status, with a zimg_error_create() in `out_error` or without, and may forget, never lie: zimg checks the SHA-256 of
 * what is found and takes a wrong one for absent. What it is given lives until it returns. It must not ask a generator
 * for a picture or a key, nor drain one: that generator may be waiting for it. */
typedef struct zimg_cache_vtable {
  size_t struct_size; /* sizeof(zimg_cache_vtable) */
  /* Fills `out_entry`, payload included, with the entry under `key` and sets `*out_is_there`, which is 0 before. */
  zimg_status (*find)(void* user_data, const zimg_key* key, zimg_entry* out_entry, int* out_is_there,
                      zimg_error** out_error);
  /* Keeps `entry`, all of its facts and its payload. `*out_outcome` is STORED before. */
  zimg_status (*store)(void* user_data, const zimg_key* key, const zimg_entry* entry, zimg_store_outcome* out_outcome,
                       zimg_error** out_error);
  zimg_status (*erase)(void* user_data, const zimg_key* key, int* out_was_there, zimg_error** out_error);
  /* Called once when nothing uses the cache any more. NULL: nothing to do. */
  void (*release)(void* user_data);
  /* The following may be NULL. Calls `visit` with each entry and what zimg_cache_list() says, until it returns 0. NULL:
   * whoever lists, purges, verifies or exports gets ZIMG_STATUS_UNSUPPORTED. */
  zimg_status (*list)(void* user_data, zimg_entry_function visit, void* visit_data, zimg_error** out_error);
  /* NULL: made from find. */
  zimg_status (*contains)(void* user_data, const zimg_key* key, int* out_is_there, zimg_error** out_error);
  /* NULL: made from find and store. */
  zimg_status (*pin)(void* user_data, const zimg_key* key, int is_pinned, int* out_is_there, zimg_error** out_error);
  /* Sets counts by zimg_stats_set_count(). NULL: all are 0 but those that zimg itself counts here. */
  zimg_status (*stats)(void* user_data, zimg_stats* out_stats, zimg_error** out_error);
} zimg_cache_vtable;

/* `description` is what a person would call it. The vtable is copied. */
ZIMG_SINCE_0_1 zimg_status zimg_cache_wrap(const zimg_cache_vtable* vtable, void* user_data, const char* description,
                                           size_t size, zimg_cache** out_cache, zimg_error** out_error);

/* ---- Bundles and the upkeep of stores ---- */

/* Called for each entry that is not imported; `key` is NULL where it could not be read. */
typedef void (*zimg_refused_function)(void* user_data, uint64_t number, const zimg_key* key, const char* reason,
                                      size_t size);

/* Writes the entries for which `filter` (NULL: all) returns not 0 to the file `path`, in key order: ENTRIES
 * PAYLOAD_BYTES LEFT_OUT. The file appears when it is whole, with mode 0600, in place of one that was there.
 * `on_progress` may be NULL. Both get `user_data`. */
ZIMG_SINCE_0_1 zimg_status zimg_bundle_export(zimg_cache* cache, const char* path, size_t size,
                                              zimg_entry_function filter, zimg_tally_function on_progress,
                                              void* user_data, zimg_tally** out_tally, zimg_error** out_error);
/* Stores every sound entry of the bundle: ENTRIES STORED PAYLOAD_BYTES REFUSED READ_BYTES FILE_BYTES IS_WHOLE. Both
 * callbacks may be NULL and get `user_data`. */
ZIMG_SINCE_0_1 zimg_status zimg_bundle_import(zimg_cache* cache, const char* path, size_t size,
                                              zimg_refused_function on_refused, zimg_tally_function on_progress,
                                              void* user_data, zimg_tally** out_tally, zimg_error** out_error);
/* As zimg_cache_verify() of the store that `options` name, open elsewhere or not, without opening it in this process:
 * child processes read it, since LMDB may abort where its own records are damaged. UNREADABLE are, among others,
 * the encrypted ones that the options have no secret for. `on_progress` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_store_verify(const zimg_lmdb_options* options, zimg_tally_function on_progress,
                                             void* user_data, zimg_tally** out_tally, zimg_error** out_error);
/* Copies every sound entry of a store that nobody has open into a fresh one, which takes its place and takes no more of
 * the disk than it needs: ENTRIES PAYLOAD_BYTES LOST EXPIRED UNREADABLE LISTED TREE_DAMAGES DISK_BYTES_BEFORE
 * DISK_BYTES_AFTER. `on_progress` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_store_rebuild(const zimg_lmdb_options* options, zimg_tally_function on_progress,
                                              void* user_data, zimg_tally** out_tally, zimg_error** out_error);
/* Gives the store that `options` name, and that nobody has open, their capacity. */
ZIMG_SINCE_0_1 zimg_status zimg_store_resize(const zimg_lmdb_options* options, zimg_error** out_error);

/* ---- Prewarming ---- */

ZIMG_SINCE_0_1 zimg_status zimg_prewarm_create(zimg_prewarm** out_prewarm, zimg_error** out_error);
/* A copy of `request`, whose cache mode, progress callback and cancel token are not read: the run has its own. The
 * higher priorities are drawn first. */
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_add(zimg_prewarm* prewarm, const zimg_request* request, double priority,
                                            zimg_error** out_error);
/* No drawing is begun once a budget is spent. More than 0; not set: no end. */
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_set_budget_pictures(zimg_prewarm* prewarm, uint64_t pictures,
                                                            zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_set_budget_seconds(zimg_prewarm* prewarm, double seconds,
                                                           zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_set_budget_bytes(zimg_prewarm* prewarm, uint64_t bytes, zimg_error** out_error);
/* Requests side by side, 1 to 64; 2 at first. */
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_set_at_once(zimg_prewarm* prewarm, uint32_t requests, zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_set_cancel_token(zimg_prewarm* prewarm, const zimg_cancel_token* token,
                                                         zimg_error** out_error);
/* Draws what is missing; blocks. The tally has LISTED CHECKED MISSING DONE DRAWN_BYTES; `on_progress` may be NULL, and
 * where it returns 0 the run ends as cancelled. That single items failed is told in the report. */
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_run(const zimg_prewarm* prewarm, zimg_generator* generator,
                                            zimg_tally_function on_progress, void* user_data,
                                            zimg_prewarm_report** out_report, zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_prewarm_destroy(zimg_prewarm* prewarm);

ZIMG_SINCE_0_1 zimg_prewarm_end zimg_prewarm_report_end(const zimg_prewarm_report* report);
/* Why pictures are not stored; empty otherwise. */
ZIMG_SINCE_0_1 const char* zimg_prewarm_report_note(const zimg_prewarm_report* report, size_t* out_size);
/* LISTED DIFFERENT FOUND DRAWN UNSTORED LEFT DRAWN_BYTES. */
ZIMG_SINCE_0_1 uint64_t zimg_prewarm_report_count(const zimg_prewarm_report* report, zimg_count count);
ZIMG_SINCE_0_1 double zimg_prewarm_report_seconds(const zimg_prewarm_report* report);
ZIMG_SINCE_0_1 size_t zimg_prewarm_report_failure_count(const zimg_prewarm_report* report);
/* Its place in the list, from 0. */
ZIMG_SINCE_0_1 size_t zimg_prewarm_report_failure_item(const zimg_prewarm_report* report, size_t index);
ZIMG_SINCE_0_1 zimg_status zimg_prewarm_report_failure_status(const zimg_prewarm_report* report, size_t index);
ZIMG_SINCE_0_1 const char* zimg_prewarm_report_failure_message(const zimg_prewarm_report* report, size_t index,
                                                               size_t* out_size);
ZIMG_SINCE_0_1 void zimg_prewarm_report_destroy(zimg_prewarm_report* report);

/* ---- Foreign pipelines ---- */

/* Draws in place of the engine. */
typedef struct zimg_pipeline_vtable {
  size_t struct_size; /* sizeof(zimg_pipeline_vtable) */
  /* Draws what `drawing` orders and fills `out_picture` by zimg_picture_set_rgb(), in the size that was ordered. Equal
   * orders give equal pixels. Called from any thread. Asks zimg_drawing_is_cancelled() now and then and returns
   * ZIMG_STATUS_CANCELLED then. */
  zimg_status (*draw)(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error);
  /* Called once when nothing uses the pipeline any more. NULL: nothing to do. */
  void (*release)(void* user_data);
} zimg_pipeline_vtable;

/* `identity`, not empty, stands for engine and precision in the key. The vtable is copied. */
ZIMG_SINCE_0_1 zimg_status zimg_options_set_pipeline(zimg_options* options, const zimg_pipeline_vtable* vtable,
                                                     void* user_data, const char* identity, size_t size,
                                                     zimg_error** out_error);

ZIMG_SINCE_0_1 const char* zimg_drawing_prompt(const zimg_drawing* drawing, size_t* out_size);
/* Empty where guidance is 0. */
ZIMG_SINCE_0_1 const char* zimg_drawing_negative_prompt(const zimg_drawing* drawing, size_t* out_size);
ZIMG_SINCE_0_1 uint32_t zimg_drawing_width(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 uint32_t zimg_drawing_height(const zimg_drawing* drawing);
/* Noise levels of the steps, descending from at most 1; the closing 0 is implied. */
ZIMG_SINCE_0_1 const float* zimg_drawing_sigmas(const zimg_drawing* drawing, size_t* out_count);
ZIMG_SINCE_0_1 float zimg_drawing_guidance(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 float zimg_drawing_guidance_normalization(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 float zimg_drawing_guidance_truncation(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 uint32_t zimg_drawing_seed(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 int zimg_drawing_is_vae_tiled(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 int zimg_drawing_wants_preview(const zimg_drawing* drawing);
ZIMG_SINCE_0_1 int zimg_drawing_is_cancelled(const zimg_drawing* drawing);
/* Tells those who wait, one step at a time whichever threads tell. `preview` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_drawing_report_progress(const zimg_drawing* drawing, uint32_t step, uint32_t steps,
                                                        const zimg_picture* preview, zimg_error** out_error);

/* ---- Pictures ---- */

ZIMG_SINCE_0_1 zimg_status zimg_picture_create(zimg_picture** out_picture, zimg_error** out_error);
/* The pixels of a PNG or a JPEG; what is transparent in it is laid on white. */
ZIMG_SINCE_0_1 zimg_status zimg_picture_decode(const void* bytes, size_t size, zimg_picture** out_picture,
                                               zimg_error** out_error);
/* Copies the pixels; `size` is width * height * 3. */
ZIMG_SINCE_0_1 zimg_status zimg_picture_set_rgb(zimg_picture* picture, uint32_t width, uint32_t height,
                                                const uint8_t* rgb, size_t size, zimg_error** out_error);
/* For reports: how long drawing it took, of WAIT LOAD ENCODE_TEXT DENOISE DECODE. */
ZIMG_SINCE_0_1 zimg_status zimg_picture_set_stage_ms(zimg_picture* picture, zimg_stage stage, double ms,
                                                     zimg_error** out_error);
ZIMG_SINCE_0_1 uint32_t zimg_picture_width(const zimg_picture* picture);
ZIMG_SINCE_0_1 uint32_t zimg_picture_height(const zimg_picture* picture);
ZIMG_SINCE_0_1 const uint8_t* zimg_picture_rgb(const zimg_picture* picture, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_picture_destroy(zimg_picture* picture);

/* What a PNG or JPEG says about itself, without decoding it. */
ZIMG_SINCE_0_1 zimg_status zimg_picture_facts_read(const void* bytes, size_t size, zimg_picture_facts** out_facts,
                                                   zimg_error** out_error);
ZIMG_SINCE_0_1 zimg_image_format zimg_picture_facts_format(const zimg_picture_facts* facts);
ZIMG_SINCE_0_1 uint32_t zimg_picture_facts_width(const zimg_picture_facts* facts);
ZIMG_SINCE_0_1 uint32_t zimg_picture_facts_height(const zimg_picture_facts* facts);
/* Text chunks in file order: "parameters" (as A1111 writes it), "zimg" (JSON), and any other. */
ZIMG_SINCE_0_1 size_t zimg_picture_facts_text_count(const zimg_picture_facts* facts);
ZIMG_SINCE_0_1 const char* zimg_picture_facts_keyword(const zimg_picture_facts* facts, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_picture_facts_text(const zimg_picture_facts* facts, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_picture_facts_destroy(zimg_picture_facts* facts);

/* ---- Models ---- */

/* The folder of the built-in model. */
ZIMG_SINCE_0_1 zimg_status zimg_builtin_model_path(zimg_text** out_path, zimg_error** out_error);
/* Rewrites the model at `path` into the folder `out`, which appears whole or not at all. `on_progress` may be NULL. */
ZIMG_SINCE_0_1 zimg_status zimg_model_convert(const char* path, size_t path_size, const char* out, size_t out_size,
                                              zimg_weight_type type, zimg_bytes_progress_function on_progress,
                                              void* user_data, zimg_error** out_error);
/* Checks every tensor's name, shape, dtype and place. What is wrong is a problem of the inspection, not an error. The
 * identity, which takes hashing all files, is only there where `has_identity` is not 0. */
ZIMG_SINCE_0_1 zimg_status zimg_model_inspect(const char* path, size_t size, int has_identity,
                                              zimg_inspection** out_inspection, zimg_error** out_error);
ZIMG_SINCE_0_1 const char* zimg_inspection_path(const zimg_inspection* inspection, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_inspection_name(const zimg_inspection* inspection, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_inspection_layout(const zimg_inspection* inspection, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_inspection_identity(const zimg_inspection* inspection, size_t* out_size);
/* Defaults of requests, and what sizes may be. */
ZIMG_SINCE_0_1 uint32_t zimg_inspection_width(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 uint32_t zimg_inspection_height(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 uint32_t zimg_inspection_size_step(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 uint32_t zimg_inspection_max_side(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 uint32_t zimg_inspection_steps(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 double zimg_inspection_guidance(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 double zimg_inspection_shift(const zimg_inspection* inspection);
/* Parts: "text_encoder", "transformer", "vae". */
ZIMG_SINCE_0_1 size_t zimg_inspection_part_count(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 const char* zimg_inspection_part_role(const zimg_inspection* inspection, size_t part, size_t* out_size);
ZIMG_SINCE_0_1 const char* zimg_inspection_part_dtypes(const zimg_inspection* inspection, size_t part,
                                                       size_t* out_size);
ZIMG_SINCE_0_1 uint64_t zimg_inspection_part_tensors(const zimg_inspection* inspection, size_t part);
ZIMG_SINCE_0_1 uint64_t zimg_inspection_part_parameters(const zimg_inspection* inspection, size_t part);
ZIMG_SINCE_0_1 uint64_t zimg_inspection_part_bytes(const zimg_inspection* inspection, size_t part);
ZIMG_SINCE_0_1 size_t zimg_inspection_part_file_count(const zimg_inspection* inspection, size_t part);
ZIMG_SINCE_0_1 const char* zimg_inspection_part_file(const zimg_inspection* inspection, size_t part, size_t index,
                                                     size_t* out_size);
/* What is wrong with the model, one sentence each; none: it is sound. */
ZIMG_SINCE_0_1 size_t zimg_inspection_problem_count(const zimg_inspection* inspection);
ZIMG_SINCE_0_1 const char* zimg_inspection_problem(const zimg_inspection* inspection, size_t index, size_t* out_size);
ZIMG_SINCE_0_1 void zimg_inspection_destroy(zimg_inspection* inspection);

ZIMG_SINCE_0_1 zimg_status zimg_tokenizer_open(const char* model_path, size_t size, zimg_tokenizer** out_tokenizer,
                                               zimg_error** out_error);
/* The ids of `text` as it stands, or, where `is_prompt` is not 0, in the prompt template and cut to 512. Writes at most
 * `capacity` of them to `out_ids`, which may be NULL where `capacity` is 0; `out_count` becomes their number. */
ZIMG_SINCE_0_1 zimg_status zimg_tokenizer_encode(const zimg_tokenizer* tokenizer, const char* text, size_t size,
                                                 int is_prompt, uint32_t* out_ids, size_t capacity, size_t* out_count,
                                                 zimg_error** out_error);
/* The octets that one id stands for; none for an unused id. */
ZIMG_SINCE_0_1 zimg_status zimg_tokenizer_piece(const zimg_tokenizer* tokenizer, uint32_t id, zimg_bytes** out_bytes,
                                                zimg_error** out_error);
ZIMG_SINCE_0_1 void zimg_tokenizer_destroy(zimg_tokenizer* tokenizer);

#ifdef __cplusplus
}
#endif

#endif /* ZIMG_ZIMG_H */
