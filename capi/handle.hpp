// What every handle of the C API is: an object on the heap that knows whether it is alive, so that a zimg built with
// asserts stops where a handle is used after its destroy or for another kind.
#pragma once

#include <cassert>
#include <string>
#include <utility>

#include "zimg/error.hpp"

namespace zimg::capi {

template <class T>
inline constexpr char kMarkOf = 0;

template <class T>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) noexcept {}
  Handle& operator=(const Handle&) noexcept { return *this; }
  ~Handle() { mark_ = nullptr; }

  bool is_alive() const noexcept { return mark_ == &kMarkOf<T>; }

 private:
  const char* volatile mark_ = &kMarkOf<T>;  // volatile: written for who comes too late, which no compiler expects
};

[[noreturn]] inline void throw_null(const char* name) {
  throw Error(ErrorCode::kInvalidArgument, std::string("the argument '") + name + "' is NULL; a pointer is expected");
}

// The handle that an argument called `name` is. Errors: kInvalidArgument where it is NULL.
template <class T>
T& required(T* handle, const char* name) {
  if (handle == nullptr) throw_null(name);
  assert(handle->is_alive() && "a zimg handle is used after its destroy, or for another kind of handle");
  return *handle;
}

// As required(), for what is no handle: out-parameters, callbacks, keys.
template <class T>
T* required_pointer(T* pointer, const char* name) {
  if (pointer == nullptr) throw_null(name);
  return pointer;
}

// Null for NULL, as getters want it.
template <class T>
T* alive(T* handle) {
  assert((handle == nullptr || handle->is_alive()) && "a zimg handle is used after its destroy");
  return handle;
}

// A new handle for an out-parameter called `name`, made of `arguments`.
template <class T, class... Arguments>
void create(T** out, const char* name, Arguments&&... arguments) {
  required_pointer(out, name);
  *out = new T(std::forward<Arguments>(arguments)...);
}

template <class T>
void destroy(T* handle) noexcept {
  delete alive(handle);
}

}  // namespace zimg::capi
