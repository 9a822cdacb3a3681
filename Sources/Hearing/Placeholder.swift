private import CPocketSphinx
func probe() -> Bool { return unsafe cmd_ln_parse_r(nil, ps_args(), 0, nil, 0) != nil }
