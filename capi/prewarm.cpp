#include "zimg/prewarm.hpp"

#include <utility>

#include "capi/cancel_token.hpp"
#include "capi/generator.hpp"
#include "capi/guard.hpp"
#include "capi/request.hpp"
#include "capi/tally.hpp"
#include "capi/text.hpp"

using zimg::PrewarmEnd;
using namespace zimg::capi;

static_assert(static_cast<int>(PrewarmEnd::kAllDone) == ZIMG_PREWARM_END_ALL_DONE);
static_assert(static_cast<int>(PrewarmEnd::kPicturesSpent) == ZIMG_PREWARM_END_PICTURES_SPENT);
static_assert(static_cast<int>(PrewarmEnd::kSecondsSpent) == ZIMG_PREWARM_END_SECONDS_SPENT);
static_assert(static_cast<int>(PrewarmEnd::kBytesSpent) == ZIMG_PREWARM_END_BYTES_SPENT);
static_assert(static_cast<int>(PrewarmEnd::kCancelled) == ZIMG_PREWARM_END_CANCELLED);
static_assert(static_cast<int>(PrewarmEnd::kNotStored) == ZIMG_PREWARM_END_NOT_STORED);

struct zimg_prewarm : Handle<zimg_prewarm> {
  std::vector<zimg::PrewarmItem> items;
  zimg::PrewarmOptions options;
};

struct zimg_prewarm_report : Handle<zimg_prewarm_report> {
  explicit zimg_prewarm_report(zimg::PrewarmReport report) : value(std::move(report)) {}
  zimg::PrewarmReport value;
};

namespace {

// Sets what `set` sets of the options of a run, which is an argument called prewarm.
template <class Set>
zimg_status change(zimg_prewarm* prewarm, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(prewarm, "prewarm").options); });
}

const zimg::PrewarmFailure* failure_at(const zimg_prewarm_report* report, size_t index) {
  const bool is_there = alive(report) != nullptr && index < report->value.failures.size();
  return is_there ? &report->value.failures[index] : nullptr;
}

}  // namespace

zimg_status zimg_prewarm_create(zimg_prewarm** out_prewarm, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_prewarm, "out_prewarm"); });
}

zimg_status zimg_prewarm_add(zimg_prewarm* prewarm, const zimg_request* request, double priority,
                             zimg_error** out_error) {
  return guarded(out_error, [&] {
    auto& items = required(prewarm, "prewarm").items;
    items.push_back({required(request, "request").value, priority});
  });
}

zimg_status zimg_prewarm_set_budget_pictures(zimg_prewarm* prewarm, uint64_t pictures, zimg_error** out_error) {
  return change(prewarm, out_error, [&](auto& options) { options.budget_pictures = pictures; });
}

zimg_status zimg_prewarm_set_budget_seconds(zimg_prewarm* prewarm, double seconds, zimg_error** out_error) {
  return change(prewarm, out_error, [&](auto& options) { options.budget_seconds = seconds; });
}

zimg_status zimg_prewarm_set_budget_bytes(zimg_prewarm* prewarm, uint64_t bytes, zimg_error** out_error) {
  return change(prewarm, out_error, [&](auto& options) { options.budget_bytes = bytes; });
}

zimg_status zimg_prewarm_set_at_once(zimg_prewarm* prewarm, uint32_t requests, zimg_error** out_error) {
  return change(prewarm, out_error, [&](auto& options) { options.at_once = requests; });
}

zimg_status zimg_prewarm_set_cancel_token(zimg_prewarm* prewarm, const zimg_cancel_token* token,
                                          zimg_error** out_error) {
  return change(prewarm, out_error, [&](auto& options) { options.cancel = required(token, "token").value; });
}

zimg_status zimg_prewarm_run(const zimg_prewarm* prewarm, zimg_generator* generator, zimg_tally_function on_progress,
                             void* user_data, zimg_prewarm_report** out_report, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg_prewarm& run = required(prewarm, "prewarm");
    const SharedCore core = required(generator, "generator").core;
    required_pointer(out_report, "out_report");
    core->refuse_in_callback("prewarm");
    zimg::PrewarmOptions options = run.options;
    options.cancel = options.cancel.child();  // stopping this run stops no other that carries the token
    options.on_progress = [&, cancel = options.cancel](const zimg::PrewarmProgress& progress) mutable {
      if (!goes_on(on_progress, user_data, tally_of(progress))) cancel.cancel();
    };
    create(out_report, "out_report", zimg::prewarm(core->generator(), run.items, options));
  });
}

void zimg_prewarm_destroy(zimg_prewarm* prewarm) {
  destroy(prewarm);
}

const char* zimg_prewarm_end_name(zimg_prewarm_end end) {
  const bool is_one = end >= ZIMG_PREWARM_END_ALL_DONE && end <= ZIMG_PREWARM_END_NOT_STORED;
  return is_one ? zimg::prewarm_end_name(static_cast<PrewarmEnd>(end)) : "unknown";
}

zimg_prewarm_end zimg_prewarm_report_end(const zimg_prewarm_report* report) {
  return alive(report) == nullptr ? 0 : static_cast<zimg_prewarm_end>(report->value.end);
}

const char* zimg_prewarm_report_note(const zimg_prewarm_report* report, size_t* out_size) {
  return view_of(alive(report) == nullptr ? nullptr : &report->value.note, out_size);
}

uint64_t zimg_prewarm_report_count(const zimg_prewarm_report* report, zimg_count count) {
  if (alive(report) == nullptr) return 0;
  const zimg::PrewarmReport& value = report->value;
  return Counts()
      .set(ZIMG_COUNT_LISTED, value.listed)
      .set(ZIMG_COUNT_DIFFERENT, value.different)
      .set(ZIMG_COUNT_FOUND, value.found)
      .set(ZIMG_COUNT_DRAWN, value.drawn)
      .set(ZIMG_COUNT_UNSTORED, value.unstored)
      .set(ZIMG_COUNT_LEFT, value.left)
      .set(ZIMG_COUNT_DRAWN_BYTES, value.drawn_bytes)
      .at(count);
}

double zimg_prewarm_report_seconds(const zimg_prewarm_report* report) {
  return alive(report) == nullptr ? 0 : report->value.seconds;
}

size_t zimg_prewarm_report_failure_count(const zimg_prewarm_report* report) {
  return alive(report) == nullptr ? 0 : report->value.failures.size();
}

size_t zimg_prewarm_report_failure_item(const zimg_prewarm_report* report, size_t index) {
  const auto* failure = failure_at(report, index);
  return failure == nullptr ? 0 : failure->item;
}

zimg_status zimg_prewarm_report_failure_status(const zimg_prewarm_report* report, size_t index) {
  const auto* failure = failure_at(report, index);
  return failure == nullptr ? ZIMG_STATUS_OK : static_cast<zimg_status>(failure->code);
}

const char* zimg_prewarm_report_failure_message(const zimg_prewarm_report* report, size_t index, size_t* out_size) {
  const auto* failure = failure_at(report, index);
  return view_of(failure == nullptr ? nullptr : &failure->sentence, out_size);
}

void zimg_prewarm_report_destroy(zimg_prewarm_report* report) {
  destroy(report);
}
