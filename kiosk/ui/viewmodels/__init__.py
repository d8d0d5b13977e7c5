"""What each screen shows, worked out from one `ScreenState`: pure functions first, thin Qt objects around them."""
