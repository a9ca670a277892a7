"""How Sphinx makes the site: no network, warnings are errors, notebooks come executed."""

from vtk_notebooks import __version__

project = "vtk-notebooks"
author = "The vtk-notebooks authors"
copyright = "2026, the vtk-notebooks authors"
version = release = __version__

extensions = [
    "myst_nb",  # Markdown and notebooks
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # build.py has run them
nb_ipywidgets_js = {}  # none from a CDN: widgets stand on pages of their own
nb_mime_priority_overrides = [
    ("html", "text/html", 0),  # a widget's own page, see `vtk_widgets._base`
    ("html", "application/vnd.jupyter.widget-view+json", None),
]
suppress_warnings = [
    "mystnb.unknown_mime_type",  # outputs for other programs than a browser
    "ref.python",  # `bytes` is also the name of some properties
]

default_role = "code"  # docstrings use single backticks
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "exclude-members": "set"}  # matplotlib's
autodoc_preserve_defaults = True
autodoc_inherit_docstrings = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "vtk-notebooks"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["frames.js"]
html_extra_path = ["_pages"]  # widgets' own pages
exclude_patterns = ["_pages"]
html_copy_source = False
html_theme_options = {"top_of_page_buttons": []}
