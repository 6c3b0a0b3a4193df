"""What the portal's pages are compared with: a Flask app that does nothing, and one page of Jinja."""

from flask import Flask, render_template_string

# About as many bytes as the home page, in as many rows as it has parts.
PAGE = """<!doctype html><title>Bare</title>{% for number in range(250) %}
<p class="row"><a href="/page/{{ number }}/">A line of text about number {{ number }}, as long as lines are</a></p>
{%- endfor %}"""
app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    """A constant string."""
    return "hello"


@app.get("/jinja")
def jinja() -> str:
    """A page of its own size each time."""
    return render_template_string(PAGE)
