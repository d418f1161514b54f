#include "capi/key_fields.hpp"

#include "capi/text.hpp"

using zimg::KeyField;
using namespace zimg::capi;

namespace {

const std::vector<KeyField>* list_in(const zimg_key_fields* fields) {
  return alive(fields) == nullptr ? nullptr : &fields->value;
}

const KeyField* field_at(const zimg_key_fields* fields, size_t index) {
  const auto* list = list_in(fields);
  return list != nullptr && index < list->size() ? &(*list)[index] : nullptr;
}

}  // namespace

size_t zimg_key_fields_count(const zimg_key_fields* fields) {
  return alive(fields) == nullptr ? 0 : fields->value.size();
}

uint16_t zimg_key_fields_tag(const zimg_key_fields* fields, size_t index) {
  const KeyField* field = field_at(fields, index);
  return field == nullptr ? 0 : field->tag;
}

const char* zimg_key_fields_name(const zimg_key_fields* fields, size_t index, size_t* out_size) {
  return view_at(
      list_in(fields), index, out_size, [](const auto& field) -> const auto& { return field.name; });
}

const char* zimg_key_fields_value(const zimg_key_fields* fields, size_t index, size_t* out_size) {
  return view_at(
      list_in(fields), index, out_size, [](const auto& field) -> const auto& { return field.value; });
}

int zimg_key_fields_is_live(const zimg_key_fields* fields, size_t index) {
  const KeyField* field = field_at(fields, index);
  return field != nullptr && field->is_live ? 1 : 0;
}

void zimg_key_fields_destroy(zimg_key_fields* fields) {
  destroy(fields);
}
