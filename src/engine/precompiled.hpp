// The headers that nearly every file of the engine reads: parsed once.
#pragma once

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/TensorBody.h>
