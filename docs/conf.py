"""Sphinx: pages in Markdown, the reference from docstrings, the gallery from scripts that run."""

from importlib.metadata import version as installed_version
from pathlib import Path

HERE = Path(__file__).parent

project = "endplate"
author = "The endplate contributors"
project_copyright = "2026, The endplate contributors"
release = installed_version("endplate")

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax"]
exclude_patterns = ["_build", "gallery/*.md", "gallery/README.rst"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
autosummary_generate = True
numpydoc_show_class_members = False
html_theme = "alabaster"
html_theme_options = {"description": "Open simulator of botulinum-toxin therapy", "page_width": "1100px"}
html_static_path = []

if any((HERE / "gallery").glob("plot_*.py")):
    extensions.append("sphinx_gallery.gen_gallery")
    sphinx_gallery_conf = {
        "examples_dirs": "gallery",
        "gallery_dirs": "gallery_built",
        "abort_on_example_error": True,
        "download_all_examples": False,
    }
