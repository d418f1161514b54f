"""Group normalisation whose backward pass goes by way of planes.

Where channels lie innermost, torch's own backward pass on the CPU takes two fifths of a training step of the autoencoder; on
planes, both conversions included, it takes a third to a tenth of that.
"""

from __future__ import annotations

import torch
from torch import nn


class GroupNorm(nn.GroupNorm):
    def forward(self, x):
        if not x.is_cpu:
            return super().forward(x)
        return _Normalize.apply(x, self.weight, self.bias, self.num_groups, self.eps)


class _Normalize(torch.autograd.Function):
    @staticmethod
    def forward(context, x, weight, bias, groups, eps):
        context.shape = (x.shape[0], x.shape[1], x[0, 0].numel(), groups)
        weight, bias = weight.to(x.dtype), bias.to(x.dtype)
        y, mean, inverse = torch.native_group_norm(x, weight, bias, *context.shape, eps)
        context.save_for_backward(x, mean, inverse, weight)
        return y

    @staticmethod
    def backward(context, gradient):
        x, mean, inverse, weight = context.saved_tensors
        found = torch.ops.aten.native_group_norm_backward(
            gradient.contiguous(), x.contiguous(), mean, inverse, weight, *context.shape, [True] * 3)
        return found[0].to(memory_format=torch.channels_last), found[1].float(), found[2].float(), None, None
