#include "capi/user_data.hpp"

#include "capi/guard.hpp"

namespace zimg::capi {

UserData::~UserData() {
  if (release_ != nullptr) guarded(nullptr, [this] { release_(data_); });
}

}  // namespace zimg::capi
