"""A page before zimg that says whether a picture was found or drawn. `pip install gradio pillow`, run it, open the page."""

import gradio
import zimg

generator = zimg.Generator(cache=zimg.open_cache())


def draw(prompt: str, negative: str, side: float, steps: float, guidance: float) -> tuple[object, str]:
    result = generator.generate(zimg.Request(prompt, negative, int(side), int(side), int(steps), guidance))
    return result.pil(), f"{result.outcome.name}, {result.report.stages_ms[zimg.Stage.TOTAL]:.1f} ms"


inputs = ["text", "text", gradio.Slider(64, 2048, 256, step=32), gradio.Slider(1, 50, 8, step=1), gradio.Slider(0, 10)]
gradio.Interface(draw, inputs, ["image", "text"]).launch(server_name="127.0.0.1")
