package migrations

import "slices"

// Codes of choices, the long lists and those of more than one collection. Codes
// never change and are never shown: people read the labels in the language files.
var (
	languages   = codes("id en")
	timeZones   = codes("Asia/Jakarta Asia/Makassar Asia/Jayapura")
	helices     = codes("government university business community media")
	frequencies = codes("immediate daily weekly")

	// The kinds of organisation, helix by helix, in the order of the screen.
	organisationSubtypes = codes(`
		ministry ministry_unit central_upt provincial_agency city_regency_agency city_regency_government regional_upt
		puskesmas hospital planning_agency training_agency district village task_force police_military legislature
		other_government

		public_university private_university public_religious_university polytechnic lppm faculty student_body
		research_body school

		private_company soe regional_soe foreign_company msme cooperative business_association tjsl_forum
		business_group_unnamed

		tksk psm_forum tagana karang_taruna pkk lks k3s lk3 wksbm disability_organisation faith_organisation
		customary_body volunteer_community local_leader beneficiary_group

		online_media print television radio news_agency community_media government_channel content_creator
		journalist_association`)

	// People needing social-welfare services: the umbrella words agencies use
	// first, then the kinds they count.
	targetGroups = codes(`
		ppks neglected_people older_people children people_with_disabilities people_with_mental_disorders
		former_psychotic_patients people_with_visual_impairment

		neglected_toddlers neglected_children children_in_conflict_with_law street_children children_with_disabilities
		child_victims_of_violence children_needing_special_protection neglected_older_people sex_workers
		homeless_people beggars scavengers minorities former_prisoners people_with_hiv drug_abuse_survivors
		trafficking_survivors violence_survivors troubled_migrant_workers natural_disaster_survivors
		social_disaster_survivors vulnerable_women poor_families troubled_families remote_customary_communities`)

	meetingKinds = codes(`coordination team technical_coordination socialisation launch fgd gathering training
		field_visit study_visit signing handover monitoring press seminar`)

	contributionKinds = codes(`goods money hours labour service venue equipment_loan knowledge training publicity
		market_access policy other`)
	contributionUnits = codes(`unit piece set package kg litre rupiah person_hour person_day session person_served
		activity day unit_day module study participant news_item broadcast post business document other`)

	evidenceKinds = codes(`photo attendance_list minutes invitation assignment_letter decree handover_record receipt
		payment_receipt agreement support_letter news_link video testimonial screenshot other_document`)
	documentTypes = codes(`
		image/jpeg image/png image/webp application/pdf
		application/vnd.openxmlformats-officedocument.wordprocessingml.document
		application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
		application/vnd.openxmlformats-officedocument.presentationml.presentation
		application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet`)

	ruleKinds = codes(`task_due task_overdue meeting_invite meeting_soon minutes_followup contribution_prompt
		contribution_waiting contribution_revision indicator_due milestone_due agreement_expiring report_ready digest
		programme_date invitation_open`)
	// Messages that no rule sends can be refused too.
	refusableKinds      = slices.Concat(ruleKinds, codes("meeting_cancelled expired_summary rule_test"))
	deliveryStates      = codes("planned queued sending retry sent uncertain failed cancelled skipped digested held")
	escalationAudiences = codes("assignee focal_point organisation accountable initiators attendees")
	ruleAudiences       = slices.Concat(escalationAudiences, codes("team logged_by partners task_owners"))
)
