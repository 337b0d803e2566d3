package lang_test

import _ "simpul/hooks/testkit/golden" // the flag -update
