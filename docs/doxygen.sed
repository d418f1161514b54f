# A header's plain comments as documentation: those before a declaration, and those behind a member or an enumerator.
# An at sign is no command.
s|@|@@|g
1{
  s|^// \(.*\)|/// \\file\n/// \1|
  t
  s|^/\* \(.*\)|/** \\file\n \* \1|
  t
}
s|^\( *\)// \{0,1\}|\1/// |
/^}/!s|\([;,({0-9a-zA-Z)}]\) \{1,\}// |\1  ///< |
s|^\( *\)/\* \([^-]\)|\1/** \2|
s|\([;,({0-9a-zA-Z)}]\) \{1,\}/\* \(.*\*/\)|\1 /**< \2|
# Doxygen 1.9 loses its way in a specialization that names its namespace by itself.
/^struct std::hash</,/^};/d
