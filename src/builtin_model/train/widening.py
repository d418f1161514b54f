"""Multiplies the widths of an autoencoder without changing what it does.

Old channels keep their places at the front, and norm groups their size: with all widths and the number of groups multiplied by
one factor, an old group holds just its old channels. New channels begin with random weights into them and none out of them.
"""

from __future__ import annotations

import torch

from model import Autoencoder

PICTURE_CHANNELS = 3


def widened(vae: Autoencoder, factor: int) -> Autoencoder:
    config = vae.c | {
        "block_out_channels": [factor * width for width in vae.c["block_out_channels"]],
        "norm_num_groups": factor * vae.c["norm_num_groups"],
    }
    wide, known = Autoencoder(config), dict(vae.named_parameters())
    with torch.no_grad():
        for name, parameter in wide.named_parameters():
            _fill(name, parameter, known[name])
            # The scores of the attention are divided by the root of the width, which has grown.
            if ".to_q." in name:
                old = known[name]
                parameter[tuple(slice(n) for n in old.shape)] *= factor**0.5
    return wide


def _fill(name: str, parameter: torch.Tensor, old: torch.Tensor) -> None:
    if parameter.ndim == 1:  # norms keep their ones for new channels, biases begin at nothing
        if "norm" not in name:
            parameter.zero_()
        parameter[: len(old)] = old
        return
    outputs, inputs = old.shape[:2]
    parameter[:outputs, inputs:] = 0
    parameter[:outputs, :inputs] = old
