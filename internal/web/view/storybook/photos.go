package storybook

import (
	"mirabilia/internal/web/view"
	"mirabilia/internal/web/view/ui"
)

func photoStories() []Story {
	form := view.PhotoForm{
		Caption: ui.Field{ID: "ph-caption", Name: "caption", Label: "Caption", Hint: "What one sees, and when."},
		Alt:     ui.Field{ID: "ph-alt", Name: "alt", Label: "Description for those who cannot see it", Hint: "What you would tell a friend on the phone.", Lines: 2},
		Credit:  ui.Field{ID: "ph-credit", Name: "credit", Label: "Whose picture it is", Value: "hadaly"},
		Licence: ui.Field{ID: "ph-licence", Name: "licence", Label: "Licence", Options: []ui.Option{{Value: "CC-BY-SA-4.0", Text: "CC BY-SA 4.0: anyone may use it, naming you, and must share alike", Selected: true}, {Value: "permission", Text: "Only here, with the permission of its author"}}},
		File:    ui.Field{ID: "ph-file"}, FocusX: 2, FocusY: 2,
	}
	own := func(id string) view.PhotoForm {
		f := form
		for _, field := range []*ui.Field{&f.Caption, &f.Alt, &f.Credit, &f.Licence} {
			field.ID += "-" + id
		}
		return f
	}
	p := view.PhotosPage{
		Base: base("Photographs", "/places/x/photos"), Title: "Museo Casa de León Trotsky", Back: "/places/x", Action: "/places/x/photos", SignIn: "/login", Form: form,
		Crumbs: []ui.Crumb{{Name: "All", Path: "/places"}, {Name: "Museo Casa de León Trotsky", Path: "/places/x"}, {Name: "Photographs"}},
		Photos: []view.PhotoItem{{ID: "1", Picture: gallery()[0], Public: true, Report: "/report?of=photo-1"}, {ID: "7", Picture: gallery()[1], Public: true, Ask: "/report?of=photo-7"}},
	}
	p.NoIndex = true
	editor := p
	editor.SignedIn, editor.Sent = true, "Thank you. Your photos are kept; those that wait are marked below."
	editor.Photos = []view.PhotoItem{
		{ID: "1", Picture: gallery()[0], Public: true, Editor: true, Describe: true, Form: own("1")},
		{ID: "2", Picture: gallery()[1], Editor: true, Describe: true, Form: own("2"), State: &ui.Badge{Text: "Waits for an editor", Tone: "info"}, Alike: "Looks much like another photo."},
		{ID: "3", Picture: gallery()[0], Editor: true, Down: true, State: &ui.Badge{Text: "Taken down", Tone: "bad"}, Reason: "The author asked for it.", Form: own("3")},
	}
	making := editor
	making.Photos = []view.PhotoItem{
		{ID: "4", Remove: true, Work: view.PhotoWork{Making: true, Text: "It is being prepared."}},
		{ID: "5", Picture: gallery()[1], Work: view.PhotoWork{Making: true, Text: "It is being prepared: 1 of 3 sizes.", Made: 1, Of: 3}},
		{ID: "6", Remove: true, Name: "half.jpg", Work: view.PhotoWork{Refused: true}, Reason: "This JPEG file is cut off before its end and cannot be read. Open it in a picture program and save it again."},
	}
	refused := p
	refused.SignedIn, refused.Photos = true, nil
	refused.Results = []view.PhotoResult{{Name: "courtyard.jpg", Text: "Kept. An editor looks at it first.", Kept: true}, {Name: "scan.tif", Text: "This is a TIFF or raw camera file. Save it as JPEG."}}
	return []Story{
		page("view.Photos", "for readers", view.Photos(p)),
		page("view.Photos", "for an editor", view.Photos(editor)),
		page("view.Photos", "sizes are being made", view.Photos(making)),
		page("view.Photos", "a file was refused", view.Photos(refused)),
	}
}
