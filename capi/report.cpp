#include <string>
#include <vector>

#include "capi/key.hpp"
#include "capi/result.hpp"
#include "capi/stage_times.hpp"
#include "capi/text.hpp"

using zimg::Outcome;
using zimg::Report;
using zimg::Stored;
using namespace zimg::capi;

static_assert(static_cast<int>(Outcome::kHit) == ZIMG_OUTCOME_HIT);
static_assert(static_cast<int>(Outcome::kDrawn) == ZIMG_OUTCOME_DRAWN);
static_assert(static_cast<int>(Outcome::kJoined) == ZIMG_OUTCOME_JOINED);
static_assert(static_cast<int>(Stored::kYes) == ZIMG_STORED_YES);
static_assert(static_cast<int>(Stored::kNo) == ZIMG_STORED_NO);
static_assert(static_cast<int>(Stored::kPending) == ZIMG_STORED_PENDING);

namespace {

const char* text_in(const zimg_report* report, std::string Report::*field, size_t* out_size) {
  return view_of(alive(report) == nullptr ? nullptr : &(report->value->*field), out_size);
}

const std::vector<std::string>* list_in(const zimg_report* report, std::vector<std::string> Report::*field) {
  return alive(report) == nullptr ? nullptr : &(report->value->*field);
}

size_t count_in(const zimg_report* report, std::vector<std::string> Report::*field) {
  const auto* list = list_in(report, field);
  return list == nullptr ? 0 : list->size();
}

const char* text_at(const zimg_report* report, std::vector<std::string> Report::*field, size_t index,
                    size_t* out_size) {
  return view_at(list_in(report, field), index, out_size,
                 [](const std::string& text) -> const std::string& { return text; });
}

}  // namespace

const char* zimg_outcome_name(zimg_outcome outcome) {
  const bool is_one = outcome >= ZIMG_OUTCOME_HIT && outcome <= ZIMG_OUTCOME_JOINED;
  return is_one ? zimg::outcome_name(static_cast<Outcome>(outcome)) : "unknown";
}

const char* zimg_stored_name(zimg_stored stored) {
  const bool is_one = stored >= ZIMG_STORED_YES && stored <= ZIMG_STORED_PENDING;
  return is_one ? zimg::stored_name(static_cast<Stored>(stored)) : "unknown";
}

zimg_outcome zimg_report_outcome(const zimg_report* report) {
  return alive(report) == nullptr ? 0 : static_cast<zimg_outcome>(report->value->outcome);
}

int zimg_report_is_hit(const zimg_report* report) {
  return alive(report) != nullptr && report->value->is_hit() ? 1 : 0;
}

const zimg_key* zimg_report_key(const zimg_report* report) {
  return alive(report) == nullptr ? nullptr : view_of_key(report->value->key);
}

zimg_stored zimg_report_stored(const zimg_report* report) {
  return alive(report) == nullptr ? 0 : static_cast<zimg_stored>(report->value->stored);
}

const char* zimg_report_store_note(const zimg_report* report, size_t* out_size) {
  return text_in(report, &Report::store_note, out_size);
}

size_t zimg_report_warning_count(const zimg_report* report) {
  return count_in(report, &Report::warnings);
}

const char* zimg_report_warning(const zimg_report* report, size_t index, size_t* out_size) {
  return text_at(report, &Report::warnings, index, out_size);
}

size_t zimg_report_folded_count(const zimg_report* report) {
  return count_in(report, &Report::folded);
}

const char* zimg_report_folded(const zimg_report* report, size_t index, size_t* out_size) {
  return text_at(report, &Report::folded, index, out_size);
}

size_t zimg_report_tag_count(const zimg_report* report) {
  return count_in(report, &Report::tags);
}

const char* zimg_report_tag(const zimg_report* report, size_t index, size_t* out_size) {
  return text_at(report, &Report::tags, index, out_size);
}

int zimg_report_is_converted(const zimg_report* report) {
  return alive(report) != nullptr && report->value->converted ? 1 : 0;
}

int zimg_report_is_filtered(const zimg_report* report) {
  return alive(report) != nullptr && report->value->is_filtered ? 1 : 0;
}

int zimg_report_is_flat(const zimg_report* report) {
  return alive(report) != nullptr && report->value->is_flat ? 1 : 0;
}

uint32_t zimg_report_seed(const zimg_report* report) {
  return alive(report) == nullptr ? 0 : report->value->seed;
}

uint32_t zimg_report_steps(const zimg_report* report) {
  return alive(report) == nullptr ? 0 : report->value->steps;
}

double zimg_report_guidance(const zimg_report* report) {
  return alive(report) == nullptr ? 0 : report->value->guidance;
}

const char* zimg_report_model(const zimg_report* report, size_t* out_size) {
  return text_in(report, &Report::model, out_size);
}

const char* zimg_report_namespace(const zimg_report* report, size_t* out_size) {
  return text_in(report, &Report::name_space, out_size);
}

const char* zimg_report_payload_sha256(const zimg_report* report, size_t* out_size) {
  return text_in(report, &Report::payload_sha256, out_size);
}

double zimg_report_stage_ms(const zimg_report* report, zimg_stage stage) {
  return alive(report) == nullptr ? 0 : stage_ms(report->value->times_ms, stage);
}
