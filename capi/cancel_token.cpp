#include "capi/cancel_token.hpp"

#include "capi/guard.hpp"

using namespace zimg::capi;

zimg_status zimg_cancel_token_create(zimg_cancel_token** out_token, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_token, "out_token"); });
}

void zimg_cancel_token_cancel(zimg_cancel_token* token) {
  if (alive(token) == nullptr) return;
  zimg::CancelToken value = token->value;  // another thread may destroy the handle meanwhile
  value.cancel();
}

int zimg_cancel_token_is_cancelled(const zimg_cancel_token* token) {
  if (alive(token) == nullptr) return 0;
  const zimg::CancelToken value = token->value;  // likewise
  return value.is_cancelled() ? 1 : 0;
}

void zimg_cancel_token_destroy(zimg_cancel_token* token) {
  destroy(token);
}
