"""How the page looks where Gradio decides: its fonts, its colours. Nothing comes from elsewhere."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base


def theme() -> "Base":
    """Calm and close to paper, from fonts that the machine has and Gradio's own files."""
    import gradio as gr

    return gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        secondary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        # Weights 400 and 700 only: the file that Gradio has for 600 lacks the Latin letters.
        font=[
            gr.themes.LocalFont("Source Sans Pro", weights=(400, 700)),
            "system-ui",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#14161a",
        block_border_width="0px",
        block_shadow="none",
    )
