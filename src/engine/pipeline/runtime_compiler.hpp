// NVRTC, with which cuDNN makes kernels for a card while it draws.
#pragma once

namespace zimg::engine {

// Loads what a CUDA build of libtorch has of it beside itself, once in a process: cuDNN asks for it by its bare name,
// and in some releases only Python's `torch` has seen to its being there
// (https://github.com/pytorch/pytorch/pull/145582). Where there is nothing of the kind, nothing is done.
void load_runtime_compiler();

}  // namespace zimg::engine
