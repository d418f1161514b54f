#include "capi/user_data.hpp"

#include "capi/callback_scope.hpp"
#include "capi/guard.hpp"

namespace zimg::capi {

UserData::~UserData() {
  if (release_ == nullptr) return;
  // A callback like others: what it destroys may be what this thread belongs to, or what this thread is about to wait
  // for.
  const CallbackScope scope(nullptr);
  guarded(nullptr, [this] { release_(data_); });
}

}  // namespace zimg::capi
