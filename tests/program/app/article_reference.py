"""The published article's key, in the article's own language."""
import hashlib
import json


def normal_form(text):
    return " ".join(text.lower().split()).replace("，", ",")


def article_text(prompt, negative_prompt, config):
    used = {name: config[name] for name in ("resolution", "steps", "cfg_scale", "model_version")}
    return normal_form(prompt) + "||" + normal_form(negative_prompt) + "||" + json.dumps(used, sort_keys=True)


def article_key(request):
    text = article_text(request["prompt"], request.get("negative_prompt", ""), request["config"])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
