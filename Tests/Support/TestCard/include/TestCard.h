/* A sound card for tests, as a plugin of ALSA: libasound finds its entry by name, nothing is called from here. */
