#include "capi/generator.hpp"

#include "capi/cache.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/key_fields.hpp"
#include "capi/metrics.hpp"
#include "capi/options.hpp"
#include "capi/request.hpp"
#include "capi/result.hpp"
#include "capi/text.hpp"

using namespace zimg::capi;

zimg_status zimg_generator_create(const zimg_options* options, zimg_cache* cache, zimg_generator** out_generator,
                                  zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::GeneratorOptions& made_of = required(options, "options").value;
    required_pointer(out_generator, "out_generator");
    create(out_generator, "out_generator", Core::make(made_of, alive(cache) == nullptr ? nullptr : cache->value));
  });
}

zimg_status zimg_generator_generate(zimg_generator* generator, const zimg_request* request, zimg_result** out_result,
                                    zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    const zimg_request& asked = required(request, "request");
    required_pointer(out_result, "out_result");
    // The copy that asked_of() makes is for the callback alone, and a hit is to cost no more than in C++.
    create(out_result, "out_result",
           asked.value.on_progress ? core->generate(asked_of(core.get(), asked)) : core->generate(asked.value));
  });
}

zimg_status zimg_generator_key(zimg_generator* generator, const zimg_request* request, zimg_key* out_key,
                               zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    const zimg_request& asked = required(request, "request");
    required_pointer(out_key, "out_key");
    *out_key = key_of(core->key(asked.value));
  });
}

zimg_status zimg_generator_explain_key(zimg_generator* generator, const zimg_request* request,
                                       zimg_key_fields** out_fields, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    const zimg_request& asked = required(request, "request");
    required_pointer(out_fields, "out_fields");
    create(out_fields, "out_fields", core->explain_key(asked.value));
  });
}

zimg_status zimg_generator_metrics(zimg_generator* generator, zimg_metrics** out_metrics, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    required_pointer(out_metrics, "out_metrics");
    create(out_metrics, "out_metrics", core->generator().metrics());
  });
}

zimg_status zimg_generator_drain(zimg_generator* generator, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const SharedCore core = required(generator, "generator").core;
    core->drain();
  });
}

const char* zimg_generator_model_name(const zimg_generator* generator, size_t* out_size) {
  return view_of(alive(generator) == nullptr ? nullptr : &generator->core->model_name(), out_size);
}

int zimg_generator_is_builtin_model(const zimg_generator* generator) {
  return alive(generator) != nullptr && generator->core->is_builtin_model() ? 1 : 0;
}

void zimg_generator_destroy(zimg_generator* generator) {
  destroy(generator);
}
