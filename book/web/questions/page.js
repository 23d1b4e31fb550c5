/* On every page with questions. */
import {askDerivations} from "./derivations.js";
import {askQuestions} from "./questions.js";
import {showReview} from "./reviewing.js";

askQuestions();
askDerivations();
showReview();
