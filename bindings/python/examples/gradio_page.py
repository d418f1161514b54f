"""A page before zimg: prompt, negative prompt, size, steps, guidance, namespace; it says whether the picture was found or
drawn. Needs `pip install gradio pillow`; then `python gradio_page.py` and open http://127.0.0.1:7860."""

import gradio
import zimg

generator = zimg.Generator(cache=zimg.open_cache())


def draw(prompt: str, negative: str, side: float, steps: float, guidance: float, namespace: str) -> tuple[object, str]:
    request = zimg.Request(prompt, negative, int(side), int(side), int(steps), guidance, namespace=namespace)
    result = generator.generate(request)
    return result.pil(), f"{result.outcome.name.lower()}, {result.report.stages_ms[zimg.Stage.TOTAL]:.1f} ms"


inputs = [gradio.Textbox(label="prompt"), gradio.Textbox(label="negative prompt"),
          gradio.Slider(64, 2048, 256, step=32, label="size"), gradio.Slider(1, 50, 8, step=1, label="steps"),
          gradio.Slider(0, 10, 0, label="guidance"), gradio.Textbox("default", label="namespace")]  # fmt: skip
page = gradio.Interface(draw, inputs, [gradio.Image(), gradio.Textbox(label="hit or drawn")])

if __name__ == "__main__":
    page.launch(server_name="127.0.0.1")
